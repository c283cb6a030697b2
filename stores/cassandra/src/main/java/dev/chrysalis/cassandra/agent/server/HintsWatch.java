package dev.chrysalis.cassandra.agent.server;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.Stopper;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Looks all the time whom a node misses, beside it, and notes who was away for longer than it
/// keeps hints: whoever comes back after that without a repair lacks rows, and nothing else tells
/// (`max_hint_window`; Cassandra's manual, "Hints").
///
/// While the node itself does not run it writes nothing that others could miss, and nothing is
/// noted. Each node of a ring has such a watch: what one does not see, since its agent is away,
/// others do.
public final class HintsWatch implements Runnable, AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(10);

  /// Others convict a node some seconds after it is gone, and it is seen back some seconds late.
  private static final Duration MARGIN = Duration.ofMinutes(1);

  private final NodeConnection node;
  private final RepairNotes notes;
  private final InstantSource clock;
  private final Consumer<ChrysalisException> failing;
  private final Stopper stopper = new Stopper();

  /// @param failing told of each look that failed
  public HintsWatch(
      NodeConnection node,
      RepairNotes notes,
      InstantSource clock,
      Consumer<ChrysalisException> failing) {
    this.node = node;
    this.notes = notes;
    this.clock = clock;
    this.failing = failing;
  }

  @Override
  public void run() {
    while (!stopper.isStopped()) {
      try {
        look();
      } catch (ChrysalisException e) {
        failing.accept(e);
      }
      boolean _ = stopper.awaitStop(EVERY);
    }
  }

  /// Ends `run` soon.
  @Override
  public void close() {
    stopper.stop();
  }

  /// Looks once.
  public void look() {
    try (NodeSession session = node.open()) {
      if (!session.mode().equals("NORMAL") || !session.gossips()) {
        return;
      }
      Instant now = clock.instant();
      Map<String, String> ring = session.hostIds();
      Map<String, Instant> missed = new TreeMap<>();
      for (String address : session.unreachable()) {
        String host = ring.get(address);
        if (host != null) {
          missed.put(host, now.minus(session.downtime(address)));
        }
      }
      Instant began = Instant.ofEpochMilli(session.processBegan());
      notes.missed(
          notes.missed().after(now, Set.copyOf(ring.values()), missed, kept(session), began));
    }
  }

  private static Duration kept(NodeSession session) {
    Duration kept = session.hintWindow().orElse(Duration.ZERO).minus(MARGIN);
    return kept.compareTo(MARGIN) < 0 ? MARGIN : kept;
  }
}
