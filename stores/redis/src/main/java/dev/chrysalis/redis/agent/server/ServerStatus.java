package dev.chrysalis.redis.agent.server;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A server's state for the controller: what it answers, and what lies on its volume, as one flat
/// map. What a version does not know, or the user may not ask for, is left out.
///
/// | key | value |
/// |---|---|
/// | `server` | `up`; `loading`: it runs, and answers nothing before its data is loaded; `refused`: it runs, and the agent may not ask, or `down`: both with `server.code` and `server.error` |
/// | `version`, `runId`, `port`, `uptimeSeconds` | of the process |
/// | `addresses` | the IP addresses by which others may call it, with commas; `port` and these as it announces them, where it does |
/// | `role` | `master`, `replica` |
/// | `replicationId`, `replicationOffset` | the stream, and how much of it was written (master) or received (replica) |
/// | `master.host`, `.port`, `.addresses` | whom a replica follows; the addresses where it is a name |
/// | `master.link`, `.linkDownSeconds`, `.syncing` | `up` or `down`, since when, whether it copies the master's data now |
/// | `replica.priority` | Sentinel's order, 0 for never |
/// | `replicas`, `replica.N` | how many, each as `ip:port,state,offset,lag` |
/// | `keys` | all databases together |
/// | `loading`, `.percent`, `.secondsLeft` | `true` while it loads, also a copy of its master |
/// | `aof` | `on`, `off` |
/// | `aof.lastWrite`, `aof.lastRewrite`, `rdb.lastSaveStatus` | `ok`, `err` |
/// | `aof.fsync`, `aof.timestamps` | the settings `appendfsync` and `aof-timestamp-enabled` |
/// | `rdb.lastSave`, `rdb.changes` | when, and how many changes since |
/// | `rdb.stopsWrites` | `yes` where it refuses writes after a save that failed |
/// | `memory.used`, `.notCounted`, `.max`, `.policy` | bytes; 0 for no limit |
/// | `conf.role` | what its configuration file makes of it: `master`, `replica of HOST PORT` |
/// | `data` and more | see `VolumeFacts` |
public final class ServerStatus {
  /// Settings that are asked for one by one: a version or a user may have no word for them.
  private static final Map<String, String> SETTINGS =
      Map.of(
          "appendfsync", "aof.fsync",
          "aof-timestamp-enabled", "aof.timestamps",
          "stop-writes-on-bgsave-error", "rdb.stopsWrites");

  private ServerStatus() {}

  /// Reads both sides. A server that does not answer, or stalls, is a state, not an error;
  /// `VOLUME_FAILED` where the volume cannot be read.
  ///
  /// @param configuration the living configuration file; empty where it is not known
  public static Map<String, String> read(
      RedisConnection server, Path directory, Optional<Path> configuration) {
    Map<String, String> status = new TreeMap<>();
    status.put("port", Integer.toString(server.server().port()));
    status.put("addresses", String.join(",", Addresses.of(server.server())));
    try {
      ask(status, server);
    } catch (ChrysalisException e) {
      addFailure(status, "server", e);
    }
    VolumeFacts.add(status, directory, configuration);
    return status;
  }

  private static void ask(Map<String, String> status, RedisConnection server) {
    try (RedisSession session = server.open()) {
      addServer(status, session);
    } catch (ChrysalisException e) {
      if (!RedisFailures.cutOff(e)) {
        throw e;
      }
      // A Sentinel that gives a server another master ends all its sessions.
      try (RedisSession session = server.open()) {
        addServer(status, session);
      }
    }
  }

  private static void addServer(Map<String, String> status, RedisSession session) {
    Map<String, String> info = session.info();
    ServerInfo.add(info, status);
    // A replica that loads its master's copy follows; a server that starts does nothing yet.
    boolean starting =
        "true".equals(status.get("loading")) && !"true".equals(status.get("master.syncing"));
    status.put("server", starting ? "loading" : "up");
    SETTINGS.forEach(
        (name, key) -> session.setting(name).ifPresent(value -> status.put(key, value)));
    Addresses.announced(
        status,
        session.setting("replica-announce-ip").orElse(""),
        session.setting("replica-announce-port").orElse(""));
    List<String> masters = Addresses.resolved(status.getOrDefault("master.host", ""));
    if (!masters.isEmpty()) {
      status.put("master.addresses", String.join(",", masters));
    }
  }

  /// How a process that cannot be asked is told of: `down`, where nothing answers; else `refused`.
  static void addFailure(Map<String, String> status, String key, ChrysalisException e) {
    status.put(key, e.code().equals(RedisErrors.UNREACHABLE) ? "down" : "refused");
    status.put(key + ".code", e.code().toString());
    status.put(key + ".error", String.valueOf(e.getMessage()));
  }
}
