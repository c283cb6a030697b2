package dev.chrysalis.cassandra.agent.server;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.backend.Pause;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A repair that a node has begun, whose end is asked for (`getParentRepairStatus`, since 4.0; the
/// node remembers it for a day). Not heard of: JMX keeps the last thousand events of all that a
/// server tells, and a repair that streams many files tells more.
final class RunningRepair {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /// How often in a row a node may fail to answer: a repair takes hours, and is not given up for a
  /// pause of the node.
  private static final int MOST_SILENCE = 10;

  private final NodeConnection node;
  private final Pause pause;
  private final int number;
  private final long process;

  /// @param number the repair's
  /// @param process when the node's process began, in which alone the number means this repair
  RunningRepair(NodeConnection node, Pause pause, int number, long process) {
    this.node = node;
    this.pause = pause;
    this.number = number;
    this.process = process;
  }

  /// Waits for its end.
  ///
  /// @return why it failed; empty where it did not
  Optional<String> awaitEnd() throws InterruptedException {
    Duration wait = FIRST_PAUSE;
    int silent = 0;
    while (true) {
      pause.take(wait);
      wait = wait.compareTo(LONGEST_PAUSE.dividedBy(2)) < 0 ? wait.multipliedBy(2) : LONGEST_PAUSE;
      try {
        List<String> told = told();
        silent = 0;
        switch (told.isEmpty() ? "" : told.getFirst()) {
          case "COMPLETED" -> {
            return Optional.empty();
          }
          case "FAILED" -> {
            return Optional.of(String.join("; ", told.subList(1, told.size())));
          }
          default -> {}
        }
      } catch (ChrysalisException e) {
        if (!passes(e) || ++silent > MOST_SILENCE) {
          throw e;
        }
      }
    }
  }

  private List<String> told() {
    try (NodeSession session = node.open()) {
      return session.processBegan() == process
          ? session.repairStatus(number)
          : List.of("FAILED", "the node was restarted meanwhile");
    }
  }

  /// Whether it may be over when the node is asked again. A login that was good before is refused
  /// by a node that cannot read its roles.
  static boolean passes(ChrysalisException e) {
    return e.code().equals(CassandraErrors.UNREACHABLE)
        || e.code().equals(CassandraErrors.REFUSED_LOGIN)
        || e.code().equals(CassandraErrors.COMMAND_FAILED);
  }
}
