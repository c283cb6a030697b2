package dev.chrysalis.cassandra.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Volume;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What is seen of the nodes of a ring, by words: `cassandra-0` is at 127.1.1.0 and has the host id
/// `host-0`. A node is heard by the others where it serves; one that is new has never heard of
/// those that do not.
final class SeenRing {
  static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

  private SeenRing() {}

  /// @param nodes a word for each, see `status`
  static RingState of(String nodes) {
    String[] words = nodes.strip().split(" +", -1);
    List<MemberView> views = new ArrayList<>();
    for (int n = 0; n < words.length; n++) {
      views.add(view(n, words));
    }
    return new RingState(views);
  }

  /// What the vault has of such a ring.
  static Past past(String nodes) {
    String[] words = nodes.strip().split(" +", -1);
    return new Past(
        Set.of("host-0", "host-1"),
        IntStream.range(0, words.length)
            .filter(n -> words[n].startsWith("spoilt"))
            .mapToObj(SeenRing::id)
            .collect(Collectors.toSet()));
  }

  static MemberId id(int ordinal) {
    return new MemberId("cassandra", ordinal);
  }

  private static MemberView view(int ordinal, String[] words) {
    String seen = words[ordinal];
    boolean gone = seen.equals("gone");
    Volume volume = new Volume(gone ? Volume.State.MISSING : Volume.State.PRESENT, gone, 1, 1);
    Instant since = seen.equals("stuck") ? NOW.minusSeconds(3600) : NOW.minusSeconds(60);
    Member member =
        new Member(id(ordinal), "127.1.1." + ordinal, Member.Phase.RUNNING, true, 0, 1, since, "");
    Map<String, String> status = new HashMap<>(status(seen));
    if ("up".equals(status.get("server"))) {
      status.put(
          "hostId",
          (seen.startsWith("new") || seen.startsWith("refused-") || seen.equals("moved")
                  ? "new-host-"
                  : "host-")
              + ordinal);
      addPeers(status, words, seen);
      addThoseThatMoved(status, words);
      addThoseThatCameBackLate(status, words, ordinal);
    }
    return new MemberView(member, volume, status);
  }

  private static void addPeers(Map<String, String> status, String[] words, String seen) {
    int missed = 0;
    int known = 0;
    for (int n = 0; n < words.length; n++) {
      boolean up =
          status(words[n]).getOrDefault("server", "").equals("up")
              && !words[n].startsWith("refused-")
              && !seen.equals("deaf");
      if (seen.startsWith("new") && !up) {
        continue;
      }
      boolean late = seen.equals("unaware") || up;
      String state = words[n].equals("joining") ? "joining" : "normal";
      status.put(
          "ring." + known++,
          "%shost-%d 127.1.1.%d %s %s"
              .formatted(
                  words[n].startsWith("new") || words[n].equals("moved") ? "new-" : "",
                  n,
                  n,
                  late ? "up" : "down",
                  state));
      if (!late) {
        long seconds =
            switch (words[n]) {
              case "long-down" -> 20_000;
              case "down-for-almost-as-long-as-hints-are-kept" -> 9_500;
              default -> 30;
            };
        status.put("downtime." + missed++, "127.1.1.%d %d".formatted(n, seconds));
      }
    }
  }

  /// One that came up anew at another address is not the node that it was.
  private static void addThoseThatMoved(Map<String, String> status, String[] words) {
    for (int n = 0; n < words.length; n++) {
      if (words[n].equals("moved")) {
        status.put("ring." + (words.length + n), "host-%d 127.1.2.%d down normal".formatted(n, n));
      }
    }
  }

  /// One that a network had cut off has missed all of the others, too.
  private static void addThoseThatCameBackLate(
      Map<String, String> status, String[] words, int ordinal) {
    int late = 0;
    for (int n = 0; n < words.length; n++) {
      if (n != ordinal && (words[n].startsWith("late") || words[ordinal].equals("late-network"))) {
        status.put(
            "unhinted." + late++,
            "host-%d %d".formatted(n, NOW.minusSeconds(600).getEpochSecond()));
      }
    }
  }

  private static Map<String, String> status(String seen) {
    return switch (seen) {
      case "up", "moved", "spoilt", "new", "deaf", "unaware", "late", "late-network" ->
          up(Map.of());
      case "late-repaired" -> up(Map.of("repaired", "" + NOW.minusSeconds(300).getEpochSecond()));
      case "late-repaired-before" ->
          up(Map.of("repaired", "" + NOW.minusSeconds(9000).getEpochSecond()));
      case "few" -> up(Map.of("quorum.lost", "capsule:4/24,plato:2/24"));
      case "odd" -> up(Map.of("schema", "v2"));
      case "third" -> up(Map.of("schema", "v3"));
      case "full" -> up(Map.of("data.free", "1000"));
      case "silenced", "spoilt-silenced" -> up(Map.of("gossip", "no", "clients", "no"));
      case "drained" -> up(Map.of("mode", "DRAINED"));
      case "joining", "stuck" -> up(Map.of("mode", "JOINING", "clients", "no"));
      case "new-warming" -> up(Map.of("clients", "no"));
      case "reading-log" -> up(Map.of("mode", "STARTING", "clients", "no", "gossip", "no"));
      case "refused-again", "new-starting" ->
          up(Map.of("mode", "STARTING", "clients", "no", "gossip", "no", "data", "unjoined"));
      case "refused-ending" ->
          up(Map.of("mode", "DRAINED", "clients", "no", "gossip", "no", "data", "unjoined"));
      case "streaming" -> up(Map.of("mode", "JOINING", "clients", "no", "streams", "2"));
      case "warming" -> up(Map.of("clients", "no"));
      case "leaving" -> up(Map.of("mode", "LEAVING"));
      case "decommissioned" -> up(Map.of("mode", "DECOMMISSIONED"));
      case "down", "spoilt-down", "long-down", "down-for-almost-as-long-as-hints-are-kept" ->
          down(NOW.minusSeconds(60));
      case "full-down" -> {
        Map<String, String> ended = new HashMap<>(down(NOW.minusSeconds(60)));
        ended.put("data.free", "1000");
        yield ended;
      }
      case "ended-long-before" -> down(NOW.minusSeconds(4 * 3600));
      case "refused" -> Map.of("server", "refused", "server.error", "no login");
      case "emptied" -> Map.of("server", "down", "data", "empty");
      case "unjoined" -> Map.of("server", "down", "data", "unjoined");
      case "half-restored" -> Map.of("server", "down", "data", "half-restored");
      case "gone" -> Map.of("agent.error", "no volume");
      case "silent" -> Map.of("agent.error", "it does not answer");
      default -> throw new IllegalArgumentException(seen);
    };
  }

  private static Map<String, String> down(Instant written) {
    return Map.of(
        "server", "down", "data", "present", "log.written", "" + written.getEpochSecond());
  }

  private static Map<String, String> up(Map<String, String> differs) {
    Map<String, String> status =
        new HashMap<>(
            Map.of(
                "server", "up",
                "mode", "NORMAL",
                "gossip", "yes",
                "clients", "yes",
                "schema", "v1",
                "streams", "0",
                "hints.window", "10800",
                "data", "present",
                "data.free", "1000000000",
                "log.written", "" + NOW.getEpochSecond()));
    status.putAll(differs);
    return status;
  }
}
