package dev.chrysalis.redis.agent.log;

import dev.chrysalis.redis.agent.server.Keyspace;
import java.time.Duration;
import java.util.Map;

/// What a server says of itself at a moment.
///
/// @param settingsChanged a sign that is another one after each `CONFIG SET`
/// @param followed by which id it followed a master before it led; empty where it did not
/// @param keys of all databases together
/// @param heldBack whether commands may be answered that are not in its append-only file yet: with
///   `appendfsync everysec` it writes nothing for up to two seconds while an fsync runs
/// @param rewriteScheduled whether a rewrite waits for what the server writes already; one that was
///   just told to begin an append-only file writes into none until then
/// @param aofBegan how many bytes its append-only file held when the server was started, or after
///   the newest rewrite; -1 where it does not say
/// @param uptime since it was started, in whole seconds
record ServerMoment(
    String version,
    String runId,
    boolean master,
    String masterAddress,
    boolean loading,
    String replicationId,
    long replicationOffset,
    String followed,
    long keys,
    boolean appendOnly,
    boolean heldBack,
    boolean rewriting,
    boolean rewriteScheduled,
    boolean lastRewriteWell,
    boolean saving,
    boolean lastSaveWell,
    String settingsChanged,
    String configuration,
    long aofBegan,
    Duration uptime) {
  private static final int FIRST_WITH_MANIFEST = 7;

  /// @param info what `INFO` and `INFO commandstats` say
  static ServerMoment of(Map<String, String> info) {
    return new ServerMoment(
        info.getOrDefault("redis_version", "0"),
        info.getOrDefault("run_id", ""),
        !info.getOrDefault("role", "").equals("slave"),
        info.getOrDefault("master_host", "") + ":" + info.getOrDefault("master_port", ""),
        isOn(info, "loading"),
        info.getOrDefault("master_replid", ""),
        number(info.getOrDefault("master_repl_offset", "0")),
        info.getOrDefault("master_replid2", "").replaceAll("^0+$", ""),
        Keyspace.keys(info),
        isOn(info, "aof_enabled"),
        !isZero(info, "aof_buffer_length") && !isZero(info, "aof_pending_bio_fsync"),
        isOn(info, "aof_rewrite_in_progress"),
        isOn(info, "aof_rewrite_scheduled"),
        info.getOrDefault("aof_last_bgrewrite_status", "ok").equals("ok"),
        isOn(info, "rdb_bgsave_in_progress"),
        info.getOrDefault("rdb_last_bgsave_status", "ok").equals("ok"),
        info.getOrDefault("cmdstat_config|set", info.getOrDefault("cmdstat_config", ""))
            .replaceAll(",.*", ""),
        info.getOrDefault("config_file", ""),
        info.containsKey("aof_base_size") ? number(info.getOrDefault("aof_base_size", "")) : -1,
        Duration.ofSeconds(number(info.getOrDefault("uptime_in_seconds", "0"))));
  }

  /// Whether it rewrites its append-only file, or is about to.
  boolean rewrites() {
    return rewriting || rewriteScheduled;
  }

  /// Whether its append-only file is a manifest of files.
  boolean keepsManifest() {
    return number(version.split("\\.", -1)[0]) >= FIRST_WITH_MANIFEST;
  }

  /// What must not change while its increments are to follow each other.
  String continuity() {
    return runId + " " + replicationId + " " + settingsChanged;
  }

  private static boolean isOn(Map<String, String> info, String key) {
    return info.getOrDefault(key, "0").equals("1");
  }

  private static boolean isZero(Map<String, String> info, String key) {
    return info.getOrDefault(key, "0").equals("0");
  }

  private static long number(String text) {
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }
}
