package dev.chrysalis.cassandra.archive;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;

/// What a ring can do without when it is restored, as one of its nodes saw it: a write that a
/// quorum acknowledged is on one of the nodes that lack nothing, and a delete as long as its
/// tombstone is kept.
///
/// @param nodes how many nodes, whichever, may lack writes while every range has a quorum of those
///   that do not
/// @param within how long ago the first write may be that they lack: the shortest
///   `gc_grace_seconds` of all tables
public record Spare(int nodes, Duration within) {
  /// Also where nothing is known.
  public static final Spare NONE = new Spare(0, Duration.ZERO);

  private static final String NODES = "spare";
  private static final String WITHIN = "spareSeconds";

  public Spare {
    nodes = Math.max(0, nodes);
  }

  /// What all of these snapshots allow.
  static Spare of(Collection<NodeFacts> ring) {
    return ring.stream().map(NodeFacts::spare).reduce(Spare::least).orElse(NONE);
  }

  private static Spare least(Spare one, Spare other) {
    return new Spare(
        Math.min(one.nodes, other.nodes),
        one.within.compareTo(other.within) < 0 ? one.within : other.within);
  }

  void put(Map<String, String> facts) {
    facts.put(NODES, Integer.toString(nodes));
    facts.put(WITHIN, Long.toString(within.toSeconds()));
  }

  /// Throws `NumberFormatException` where it is none.
  static Spare in(Map<String, String> facts) {
    return new Spare(
        Integer.parseInt(facts.getOrDefault(NODES, "0")),
        Duration.ofSeconds(Long.parseLong(facts.getOrDefault(WITHIN, "0"))));
  }
}
