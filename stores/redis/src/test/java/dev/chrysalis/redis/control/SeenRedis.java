package dev.chrysalis.redis.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Volume;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What is seen of servers and Sentinels, by words: `redis-0` is at 127.1.1.0:6379.
final class SeenRedis {
  private SeenRedis() {}

  /// @param servers a word for each, see `server`
  /// @param sentinels a word for each, see `sentinel`; empty for none
  static RedisState of(String servers, String sentinels) {
    List<MemberView> views = new ArrayList<>();
    for (String seen : servers.strip().split(" +", -1)) {
      views.add(server(views.size(), seen));
    }
    List<SentinelView> watching = new ArrayList<>();
    for (String seen : sentinels.isBlank() ? new String[0] : sentinels.strip().split(" +")) {
      watching.add(sentinel(watching.size(), seen));
    }
    return new RedisState(views, watching);
  }

  private static MemberView server(int ordinal, String seen) {
    boolean gone = seen.equals("gone");
    Volume volume = new Volume(gone ? Volume.State.MISSING : Volume.State.PRESENT, gone, 1, 1);
    Map<String, String> status = new HashMap<>(Map.of("port", "6379"));
    status.putAll(status(seen));
    return new MemberView(member("redis", ordinal, "127.1.1." + ordinal), volume, status);
  }

  /// The word may say after a `@` whom a replica follows: `replica@1`.
  private static Map<String, String> status(String seen) {
    String[] parts = seen.split("@", -1);
    return parts.length == 1 ? alone(seen) : replica(parts[0], parts[1]);
  }

  private static Map<String, String> alone(String seen) {
    return switch (seen) {
      case "master" -> master("1000");
      case "empty-master" -> master("0");
      case "just-started-master" ->
          with(with(master("1000"), "uptimeSeconds", "2"), "conf.role", "master");
      case "just-promoted-master" ->
          with(
              with(master("1000"), "uptimeSeconds", "2"), "conf.role", "replica of 127.1.1.1 6379");
      case "unsaved-master" -> with(master("1000"), "rdb.lastSaveStatus", "err");
      case "refusing-master" ->
          with(with(master("1000"), "rdb.lastSaveStatus", "err"), "rdb.stopsWrites", "yes");
      case "full-disk-master" -> with(master("1000"), "aof.lastWrite", "err");
      case "full-master" -> memory("noeviction", "100000");
      case "evicting-master" -> memory("allkeys-lru", "100000");
      case "half-full-master" -> memory("noeviction", "50000");
      case "loading" -> Map.of("server", "loading", "role", "master");
      case "down" -> Map.of("server", "down", "data", "present");
      case "down-master" -> Map.of("server", "down", "data", "present", "conf.role", "master");
      case "down-keyless" -> Map.of("server", "down", "data", "present", "data.keys", "none");
      case "emptied", "gone" -> Map.of("server", "down", "data", "empty");
      case "emptied-master" -> Map.of("server", "down", "data", "empty", "conf.role", "master");
      case "half-restored" -> Map.of("server", "down", "data", "half-restored");
      case "ignored" -> Map.of("server", "down", "data", "ignored");
      case "refused" -> Map.of("server", "refused", "server.error", "WRONGPASS", "data", "present");
      case "silent" -> Map.of("agent.error", "no such pod");
      default -> throw new IllegalArgumentException(seen);
    };
  }

  private static Map<String, String> master(String keys) {
    return Map.of(
        "server", "up",
        "role", "master",
        "keys", keys,
        "replicationId", "id",
        "replicationOffset", "500");
  }

  private static Map<String, String> memory(String policy, String used) {
    Map<String, String> status = new HashMap<>(master("1000"));
    status.putAll(Map.of("memory.max", "100000", "memory.used", used, "memory.policy", policy));
    return status;
  }

  private static Map<String, String> replica(String seen, String master) {
    Map<String, String> status =
        new HashMap<>(
            Map.of(
                "server", "up",
                "role", "replica",
                "keys", "1000",
                "master.host", "127.1.1." + master,
                "master.port", "6379",
                "master.link", "up",
                "replicationId", "id",
                "replicationOffset", "500",
                "replica.priority", "100"));
    Map<String, String> cut = Map.of("master.link", "down", "replicationId", "older");
    switch (seen) {
      case "replica" -> {}
      case "keyless" -> status.put("keys", "0");
      case "ahead" -> status.put("replicationOffset", "600");
      case "never" -> status.put("replica.priority", "0");
      case "unsaved" -> status.put("rdb.lastSaveStatus", "err");
      case "cut" -> {
        status.putAll(cut);
        status.put("master.linkDownSeconds", "60");
      }
      case "just-cut" -> {
        status.putAll(cut);
        status.put("master.linkDownSeconds", "3");
      }
      case "copying" -> {
        status.putAll(cut);
        status.put("master.syncing", "true");
      }
      case "just-up" -> {
        status.putAll(cut);
        status.put("uptimeSeconds", "2");
      }
      default -> throw new IllegalArgumentException(seen);
    }
    return status;
  }

  /// A number is the server that it names, with `!` where it agreed with others that this one is
  /// down, with `?` where it cannot fail over, with `*` where it cannot yet.
  private static SentinelView sentinel(int ordinal, String seen) {
    Member member = member("redis-sentinel", ordinal, "127.1.2." + ordinal);
    if (seen.equals("down")) {
      return new SentinelView(member, Map.of("sentinel", "down"));
    }
    if (seen.equals("silent")) {
      return new SentinelView(member, Map.of("agent.error", "no such pod"));
    }
    return new SentinelView(
        member,
        Map.of(
            "sentinel",
            "up",
            "master.address",
            "127.1.1." + seen.charAt(0) + ":6379",
            "master.down",
            seen.endsWith("!") ? "objective" : "none",
            "ckquorum",
            seen.endsWith("?") || seen.endsWith("*") ? "NOQUORUM" : "ok",
            "uptimeSeconds",
            seen.endsWith("*") ? "3" : "300"));
  }

  private static Member member(String workload, int ordinal, String address) {
    return new Member(
        new MemberId(workload, ordinal),
        address,
        Member.Phase.RUNNING,
        true,
        0,
        1,
        Instant.EPOCH,
        "");
  }

  private static Map<String, String> with(Map<String, String> status, String key, String value) {
    Map<String, String> more = new HashMap<>(status);
    more.put(key, value);
    return more;
  }

  static List<MemberId> members(int... ordinals) {
    return Arrays.stream(ordinals).mapToObj(n -> new MemberId("redis", n)).toList();
  }
}
