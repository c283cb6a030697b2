package dev.chrysalis.redis.agent.server;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import java.util.Map;
import java.util.function.Consumer;

/// Gives a running server its role, and has it write that to its configuration file. Can be
/// repeated.
public final class Roles {
  private final RedisConnection server;
  private final Consumer<String> notes;

  public Roles(RedisConnection server, Consumer<String> notes) {
    this.server = server;
    this.notes = notes;
  }

  /// Makes it follow that master: what it has and the master has not is gone.
  public Map<String, String> follow(String host, int port) {
    try (RedisSession session = server.open()) {
      Map<String, String> before = session.info();
      String _ = session.text("REPLICAOF", host, Integer.toString(port));
      rewrite(session);
      return Map.of("role", "replica", "master", host + ":" + port, "before", role(before));
    }
  }

  /// Makes it a master. `NOTHING_TO_LEAD_WITH` where it has no key, and that is not expected, or
  /// still loads its data.
  public Map<String, String> lead(boolean evenEmpty) {
    try (RedisSession session = server.open()) {
      Map<String, String> before = session.info();
      boolean leads = "master".equals(before.get("role"));
      if (!leads && !evenEmpty) {
        requireData(before);
      }
      String _ = session.text("REPLICAOF", "NO", "ONE");
      rewrite(session);
      return Map.of(
          "role", "master",
          "before", role(before),
          "replicationOffset", before.getOrDefault("slave_repl_offset", ""));
    }
  }

  private void requireData(Map<String, String> info) {
    String why = "";
    if ("1".equals(info.get("loading")) || "1".equals(info.get("master_sync_in_progress"))) {
      why = "still copies or loads its data";
    } else if (info.keySet().stream().noneMatch(key -> key.matches("db\\d+"))) {
      why = "has no key";
    }
    if (!why.isEmpty()) {
      throw new ChrysalisException(
          RedisErrors.NOTHING_TO_LEAD_WITH,
          "the server at %s:%d %s: what follows it would lose its own data"
              .formatted(server.server().host(), server.server().port(), why),
          "let a member lead that has the data; --even-empty for a store that is new");
    }
  }

  private void rewrite(RedisSession session) {
    try {
      String _ = session.text("CONFIG", "REWRITE");
    } catch (ChrysalisException e) {
      if (e.code().equals(RedisErrors.UNREACHABLE)) {
        throw e;
      }
      // Its role holds all the same, until it is started anew.
      notes.accept("the configuration file does not say so: " + e.getMessage());
    }
  }

  private static String role(Map<String, String> info) {
    return "slave".equals(info.get("role"))
        ? "replica of " + info.get("master_host") + ":" + info.get("master_port")
        : "master";
  }
}
