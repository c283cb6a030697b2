package dev.chrysalis.redis.agent.server;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Turns what `INFO` says into the keys of a status. What a version does not say is left out. Pure.
final class ServerInfo {
  private static final Pattern REPLICA =
      Pattern.compile(
          "ip=(?<ip>[^,]*),port=(?<port>\\d+),state=(?<state>\\w+),offset=(?<offset>\\d+)"
              + ",lag=(?<lag>-?\\d+).*");

  private final Map<String, String> info;
  private final Map<String, String> status;

  private ServerInfo(Map<String, String> info, Map<String, String> status) {
    this.info = info;
    this.status = status;
  }

  static void add(Map<String, String> info, Map<String, String> status) {
    ServerInfo reader = new ServerInfo(info, status);
    reader.addServer();
    reader.addReplication();
    reader.addPersistence();
    reader.addMemory();
  }

  private void addServer() {
    put("version", "redis_version");
    put("runId", "run_id");
    put("port", "tcp_port");
    put("uptimeSeconds", "uptime_in_seconds");
    status.put("keys", Long.toString(Keyspace.keys(info)));
  }

  private void addReplication() {
    boolean replica = "slave".equals(info.get("role"));
    status.put("role", replica ? "replica" : "master");
    put("replicationId", "master_replid");
    put("replicationOffset", replica ? "slave_repl_offset" : "master_repl_offset");
    if (replica) {
      put("master.host", "master_host");
      put("master.port", "master_port");
      put("master.link", "master_link_status");
      info("master_link_down_since_seconds")
          // Below zero it does not know.
          .filter(seconds -> !seconds.startsWith("-"))
          .ifPresent(seconds -> status.put("master.linkDownSeconds", seconds));
      putFlag("master.syncing", "master_sync_in_progress");
      put("replica.priority", "slave_priority");
    }
    put("replicas", "connected_slaves");
    for (int n = 0; info.containsKey("slave" + n); n++) {
      addReplica(n, info.getOrDefault("slave" + n, ""));
    }
  }

  private void addReplica(int n, String line) {
    Matcher m = REPLICA.matcher(line);
    if (m.matches()) {
      status.put(
          "replica." + n,
          "%s:%s,%s,%s,%s"
              .formatted(
                  m.group("ip"),
                  m.group("port"),
                  m.group("state"),
                  m.group("offset"),
                  m.group("lag")));
    }
  }

  private void addPersistence() {
    putFlag("loading", "loading");
    put("loading.percent", "loading_loaded_perc");
    put("loading.secondsLeft", "loading_eta_seconds");
    info("aof_enabled").ifPresent(on -> status.put("aof", on.equals("1") ? "on" : "off"));
    put("aof.lastWrite", "aof_last_write_status");
    put("aof.lastRewrite", "aof_last_bgrewrite_status");
    put("rdb.lastSaveStatus", "rdb_last_bgsave_status");
    put("rdb.changes", "rdb_changes_since_last_save");
    info("rdb_last_save_time")
        .map(Long::parseLong)
        .ifPresent(at -> status.put("rdb.lastSave", Instant.ofEpochSecond(at).toString()));
  }

  private void addMemory() {
    put("memory.used", "used_memory");
    put("memory.notCounted", "mem_not_counted_for_evict");
    put("memory.max", "maxmemory");
    put("memory.policy", "maxmemory_policy");
  }

  private void put(String key, String name) {
    info(name).ifPresent(value -> status.put(key, value));
  }

  private void putFlag(String key, String name) {
    info(name).ifPresent(value -> status.put(key, Boolean.toString(value.equals("1"))));
  }

  private Optional<String> info(String name) {
    return Optional.ofNullable(info.get(name)).filter(v -> !v.isEmpty());
  }
}
