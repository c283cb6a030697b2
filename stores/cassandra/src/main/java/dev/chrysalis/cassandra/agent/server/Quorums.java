package dev.chrysalis.cassandra.agent.server;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Counts replicas. Clients may ask for a quorum of all of them, or of those of a datacenter: both
/// count.
public final class Quorums {
  /// What the server notes of itself, with two replicas by default: with one node away they have no
  /// quorum, and nobody misses it.
  private static final Set<String> DISPENSABLE = Set.of("system_traces", "system_distributed");

  private Quorums() {}

  /// The keyspaces whose rows lie on several nodes, and that somebody would miss.
  static List<String> keyspaces(NodeSession session) {
    return session.sharedKeyspaces().stream().filter(name -> !DISPENSABLE.contains(name)).toList();
  }

  /// How many nodes, whichever, may lack what was written while all ranges have a quorum of those
  /// that do not, as that node sees its ring.
  public static int spare(NodeSession session) {
    return keyspaces(session).stream()
        .flatMap(keyspace -> session.replicas(keyspace).stream())
        .filter(range -> !range.isEmpty())
        .mapToInt(range -> spare(range, session::datacenter))
        .min()
        .orElse(0);
  }

  /// The same of one range.
  ///
  /// @param datacenter of a node
  static int spare(List<String> replicas, UnaryOperator<String> datacenter) {
    return groups(replicas, datacenter)
        .mapToInt(group -> group.size() - quorum(group))
        .min()
        .orElse(0);
  }

  /// Whether a range has them without some nodes.
  ///
  /// @param datacenter of a node
  static boolean are(List<String> replicas, Set<String> missed, UnaryOperator<String> datacenter) {
    return groups(replicas, datacenter)
        .allMatch(group ->
            group.stream().filter(node -> !missed.contains(node)).count() >= quorum(group));
  }

  private static Stream<List<String>> groups(
      List<String> replicas, UnaryOperator<String> datacenter) {
    Map<String, List<String>> byDatacenter =
        replicas.stream().collect(Collectors.groupingBy(datacenter));
    // A keyspace may name only a datacenter that is no more: nobody reads or writes it.
    return Stream.concat(Stream.of(replicas), byDatacenter.values().stream())
        .filter(group -> !group.isEmpty());
  }

  private static int quorum(List<String> group) {
    return group.size() / 2 + 1;
  }
}
