package dev.chrysalis.cassandra.agent.server;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Which nodes of its ring one node misses, and which it missed for so long that it kept no more
/// hints for them. What was written meanwhile only a repair brings to those. Pure.
///
/// A server forgets for how long it misses another when it is restarted: this does not. By host
/// ids, which go with a node's data: one that was replaced is another one.
///
/// @param looked the last look at which a node was missed
/// @param away those that are missed, since when
/// @param unhinted those that are back without all hints, and when they were still away
record MissedNodes(Instant looked, Map<String, Instant> away, Map<String, Instant> unhinted) {
  static final MissedNodes NONE = new MissedNodes(Instant.EPOCH, Map.of(), Map.of());

  private static final String LOOKED = "looked";
  private static final String AWAY = "away";
  private static final String UNHINTED = "unhinted";

  MissedNodes {
    away = Map.copyOf(away);
    unhinted = Map.copyOf(unhinted);
  }

  /// After another look.
  ///
  /// @param ring the nodes that belong to it now
  /// @param missed those of them that are not heard, since when at the latest
  /// @param kept for how long a node may be away and miss nothing
  /// @param began when the node's own process did: before that it wrote nothing
  MissedNodes after(
      Instant now, Set<String> ring, Map<String, Instant> missed, Duration kept, Instant began) {
    Duration idle = began.isAfter(looked) ? Duration.between(looked, began) : Duration.ZERO;
    Map<String, Instant> before = new TreeMap<>(away);
    before.replaceAll((_, since) -> since.plus(idle));
    Map<String, Instant> gone = new TreeMap<>(missed);
    gone.keySet().retainAll(ring);
    gone.replaceAll((host, since) -> earlier(since, before.getOrDefault(host, since)));
    Map<String, Instant> back = new TreeMap<>(unhinted);
    before.forEach((host, since) -> {
      if (!gone.containsKey(host) && !since.plus(kept).isAfter(now)) {
        back.put(host, looked);
      }
    });
    back.keySet().retainAll(ring);
    // While none is missed nothing new has to be noted.
    return new MissedNodes(gone.isEmpty() ? looked : now, gone, back);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  /// One line for each thing that is known.
  String toText() {
    List<String> lines = new ArrayList<>(List.of(LOOKED + " " + looked));
    new TreeMap<>(away)
        .forEach((host, since) -> lines.add("%s %s %s".formatted(AWAY, since, host)));
    new TreeMap<>(unhinted)
        .forEach((host, until) -> lines.add("%s %s %s".formatted(UNHINTED, until, host)));
    return String.join("\n", lines) + "\n";
  }

  /// What `toText` made. A line that is not of that form says nothing.
  static MissedNodes parse(String text) {
    Instant looked = Instant.EPOCH;
    Map<String, Instant> away = new TreeMap<>();
    Map<String, Instant> unhinted = new TreeMap<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", -1);
      try {
        switch (words[0]) {
          case LOOKED -> looked = Instant.parse(words[1]);
          case AWAY -> away.put(words[2], Instant.parse(words[1]));
          case UNHINTED -> unhinted.put(words[2], Instant.parse(words[1]));
          default -> {}
        }
      } catch (DateTimeException | ArrayIndexOutOfBoundsException _) {
        // Of another version, or by another hand.
      }
    }
    return new MissedNodes(looked, away, unhinted);
  }
}
