package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.files.WalCoverageWait;
import java.time.Duration;

/// Waits for the WAL of a base backup. A backup of a standby may begin on one timeline and end on
/// the next: what lies before the end's timeline began is looked for on its parents.
public final class WalCoverage implements WalCoverageWait {
  private static final Duration LOOK = Duration.ofMillis(200);

  private final WalArchive archive;
  private final long system;
  private final Duration patience;

  public WalCoverage(WalArchive archive, long system, Duration patience) {
    this.archive = archive;
    this.system = system;
    this.patience = patience;
  }

  @Override
  public void awaitCovered(int timeline, Lsn from, Lsn to) {
    long begun = System.nanoTime();
    archive.awaitCovered(system, timeline, to, patience);
    Stopper never = new Stopper();
    while (!covered(timeline, from, to)) {
      if (System.nanoTime() - begun > patience.toNanos() || never.awaitStop(LOOK)) {
        throw new ChrysalisException(
            PostgresErrors.NOT_COVERED,
            "The vault's WAL of timeline %d has a hole between %s and %s"
                .formatted(timeline, from, to),
            "make the backup again; see whether the WAL shipper reported a gap");
      }
    }
  }

  private boolean covered(int timeline, Lsn from, Lsn to) {
    TimelineHistory history =
        archive.history(system, timeline).orElseGet(() -> TimelineHistory.first(timeline));
    long segment = archive.segmentBytes(system);
    Lsn at = from;
    for (TimelineHistory.Ancestor ancestor : history.ancestors()) {
      // The segment of the switch is whole in the successor's log.
      Lsn end = ancestor.end().segmentStart(segment);
      if (at.compareTo(end) < 0) {
        if (!archive.covers(system, ancestor.timeline(), at, end)) {
          return false;
        }
        at = end;
      }
    }
    return archive.covers(system, timeline, at, to);
  }
}
