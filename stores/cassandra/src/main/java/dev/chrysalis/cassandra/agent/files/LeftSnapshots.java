package dev.chrysalis.cassandra.agent.files;

import dev.chrysalis.cassandra.agent.server.NodeConnection;
import dev.chrysalis.cassandra.agent.server.NodeSession;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.Stopper;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;

/// Clears the server's own snapshots of backups that ended without a word: each keeps the disk
/// space of all that is compacted meanwhile. Beside a node it looks every ten minutes; a backup
/// looks, too, before it takes its own.
///
/// Somebody else's, and those that a living backup holds (`SnapshotHold`), stay.
public final class LeftSnapshots implements Runnable, AutoCloseable {
  private static final Duration EVERY = Duration.ofMinutes(10);
  private static final Duration WITHIN = Duration.ofMinutes(1);

  private final NodeConnection node;
  private final Path data;
  private final InstantSource clock;
  private final Lock backups;
  private final Consumer<String> notes;
  private final Consumer<ChrysalisException> failing;
  private final Stopper stopper = new Stopper();

  /// @param data the node's first folder of tables
  /// @param backups held by this process while it takes a backup itself: to look at a lock of its
  ///   own would let go of it
  /// @param notes told of each that is cleared
  /// @param failing told of each look that failed
  public LeftSnapshots(
      NodeConnection node,
      Path data,
      InstantSource clock,
      Lock backups,
      Consumer<String> notes,
      Consumer<ChrysalisException> failing) {
    this.node = node;
    this.data = data;
    this.clock = clock;
    this.backups = backups;
    this.notes = notes;
    this.failing = failing;
  }

  @Override
  public void run() {
    while (!stopper.isStopped()) {
      if (backups.tryLock()) {
        try {
          look();
        } catch (ChrysalisException e) {
          failing.accept(e);
        } finally {
          backups.unlock();
        }
      }
      boolean _ = stopper.awaitStop(EVERY);
    }
  }

  /// Ends `run` soon.
  @Override
  public void close() {
    stopper.stop();
  }

  /// The server is asked only where there is something: to list its snapshots it adds up the sizes
  /// of all of them.
  private void look() {
    if (SnapshotHold.anyLeft(data)) {
      try (NodeSession session = node.open()) {
        clear(session, data, clock, notes);
      }
    }
  }

  /// Looks once.
  static void clear(NodeSession session, Path data, InstantSource clock, Consumer<String> notes) {
    for (String name : session.snapshots()) {
      if (SnapshotTag.parse(name).filter(tag -> isLeft(data, tag, clock)).isPresent()) {
        notes.accept("clearing the snapshot " + name + ", which an earlier backup left");
        session.clearSnapshot(name, WITHIN);
      }
    }
    SnapshotHold.forgetLeft(data);
  }

  private static boolean isLeft(Path data, SnapshotTag tag, InstantSource clock) {
    return switch (SnapshotHold.of(data, tag)) {
      case HELD -> false;
      case LEFT -> true;
      case UNKNOWN -> tag.isOld(clock.instant());
    };
  }
}
