package dev.chrysalis.redis.agent.server;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.agent.files.ConfigurationFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A Sentinel's state for the controller, as one flat map.
///
/// | key | value |
/// |---|---|
/// | `sentinel` | `up`; `down` or `refused` with `sentinel.code` and `sentinel.error` |
/// | `master.error` | where it does not know the master's name |
/// | `master.address` | where it sends clients: `host:port` |
/// | `master.addresses` | the IP addresses, where it is a name |
/// | `master.runId`, `master.flags` | of the master that it watches |
/// | `master.down` | `none`; `subjective`: it holds it for down; `objective`: enough others agree |
/// | `quorum` | how many must agree |
/// | `sentinels.others` | how many others it knows |
/// | `ckquorum` | `ok`, or why it cannot fail over |
/// | `uptimeSeconds` | how long it has been running; left out where its user may not ask |
/// | `configEpoch` | grows with each failover |
/// | `failoverTimeoutMillis`, `downAfterMillis` | settings |
/// | `replicas.known` | `ip:port` of each, with commas |
/// | `failover.state` | `none`, or what goes on |
/// | `conf.monitors` | what its configuration file watches: `host:port`; left out where there is none |
public final class SentinelStatus {
  private SentinelStatus() {}

  /// Asks the Sentinel. One that does not answer is a state, not an error; `VOLUME_FAILED` where
  /// its configuration file cannot be read.
  ///
  /// @param master what it calls its master: `mymaster`
  /// @param configuration its living configuration file; empty where it is not known
  public static Map<String, String> read(
      RedisConnection sentinel, String master, Optional<Path> configuration) {
    Map<String, String> status = new TreeMap<>();
    try (RedisSession session = sentinel.open()) {
      addMaster(status, session, master);
      status.put("sentinel", "up");
    } catch (ChrysalisException e) {
      ServerStatus.addFailure(status, "sentinel", e);
    }
    configuration.ifPresent(file -> addConfiguration(status, file, master));
    return status;
  }

  private static void addMaster(Map<String, String> status, RedisSession session, String master) {
    Optional<String> address = SentinelAsked.address(session, master);
    if (address.isEmpty()) {
      status.put("master.error", "it watches no master of the name " + master);
      return;
    }
    status.put("master.address", address.get());
    String host = address.get().substring(0, address.get().lastIndexOf(':'));
    status.put("master.addresses", String.join(",", Addresses.resolved(host)));
    addFields(status, session.map("SENTINEL", "MASTER", master));
    status.put("ckquorum", quorum(session, master));
    uptime(session).ifPresent(seconds -> status.put("uptimeSeconds", seconds));
    status.put("replicas.known", String.join(",", replicas(session, master)));
  }

  private static void addFields(Map<String, String> status, Map<String, String> fields) {
    String flags = fields.getOrDefault("flags", "");
    status.put("master.flags", flags);
    status.put(
        "master.down",
        flags.contains("o_down") ? "objective" : flags.contains("s_down") ? "subjective" : "none");
    status.put("failover.state", fields.getOrDefault("failover-state", "none"));
    Map<String, String> names =
        Map.of(
            "runid", "master.runId",
            "quorum", "quorum",
            "num-other-sentinels", "sentinels.others",
            "config-epoch", "configEpoch",
            "failover-timeout", "failoverTimeoutMillis",
            "down-after-milliseconds", "downAfterMillis");
    names.forEach((name, key) ->
        Optional.ofNullable(fields.get(name)).ifPresent(value -> status.put(key, value)));
  }

  private static String quorum(RedisSession session, String master) {
    try {
      String said = session.text("SENTINEL", "CKQUORUM", master);
      return said.startsWith("OK") ? "ok" : said;
    } catch (ChrysalisException e) {
      if (e.code().equals(RedisErrors.UNREACHABLE)) {
        throw e;
      }
      String said = String.valueOf(e.getMessage());
      return said.substring(Math.max(0, said.indexOf("NOQUORUM")));
    }
  }

  private static Optional<String> uptime(RedisSession session) {
    try {
      return Optional.ofNullable(session.info().get("uptime_in_seconds"));
    } catch (ChrysalisException e) {
      if (e.code().equals(RedisErrors.UNREACHABLE)) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static List<String> replicas(RedisSession session, String master) {
    List<String> known = new ArrayList<>();
    if (session.ask("SENTINEL", "REPLICAS", master) instanceof List<?> replicas) {
      for (Object replica : replicas) {
        List<String> texts = RedisSession.allOf(replica);
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i + 1 < texts.size(); i += 2) {
          fields.put(texts.get(i), texts.get(i + 1));
        }
        known.add(fields.getOrDefault("ip", "") + ":" + fields.getOrDefault("port", ""));
      }
    }
    return known.stream().sorted().toList();
  }

  private static void addConfiguration(Map<String, String> status, Path file, String master) {
    new ConfigurationFile(file, Optional.empty())
        .readIfThere()
        .flatMap(configuration -> configuration.watched(master))
        .ifPresent(address -> status.put("conf.monitors", address));
  }
}
