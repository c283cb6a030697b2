package dev.chrysalis.postgres.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.prune.LogKeep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Times are hours, segments are numbered as WAL goes.
class WindowBasesTest {
  private static final Instant BEGIN = Instant.parse("2026-11-01T00:00:00Z");
  private static final long OLD = 7;
  private static final long NEW = 8;

  private final BranchedVault made = new BranchedVault(BEGIN);
  private final KeptWal wal = new KeptWal(made.vault(), BranchedVault.STORE, made.clock());

  @Test
  void afterARestoreToAMomentTheSnapshotThatWasRestoredStaysTheBaseOfTheNewTimeline() {
    Snapshot restored = backUp(0, OLD, 1, 1);
    seal(5, OLD, 1, 2, 3);
    Snapshot behindTheFork = backUp(8, OLD, 1, 4);
    made.fork(OLD, 2, "1 in 2");
    seal(10, OLD, 2, 2);

    assertThat(bases(9)).as("timeline 1 ended before").containsOnly(restored.id());
    assertThat(bases(8)).containsOnly(restored.id(), behindTheFork.id());
    assertThat(extents(9))
        .as("what leads from it to the new timeline, and what makes the other one consistent")
        .containsExactly(new LogExtent(at(1), Long.MAX_VALUE), new LogExtent(at(4), at(6)));
  }

  @Test
  void theNewTimelineCountsBeforeItsFirstWalIsThere() {
    Snapshot restored = backUp(0, OLD, 1, 1);
    seal(5, OLD, 1, 2, 3);
    Snapshot behindTheFork = backUp(8, OLD, 1, 4);
    made.fork(OLD, 2, "1 in 2");

    assertThat(bases(9)).containsOnly(restored.id(), behindTheFork.id());
  }

  @Test
  void aBranchHasABaseAsLongAsItHasMomentsInTheWindowAndNoLonger() {
    Snapshot before = backUp(0, OLD, 1, 1);
    made.fork(OLD, 2, "1 in 1");
    seal(5, OLD, 2, 1);
    Snapshot after = backUp(6, OLD, 2, 2);
    seal(7, OLD, 1, 2);
    seal(12, OLD, 2, 3);

    assertThat(bases(6)).containsOnly(before.id(), after.id());
    assertThat(bases(7)).containsOnly(before.id(), after.id());
    assertThat(bases(8)).containsOnly(after.id());
  }

  @Test
  void aSnapshotOfTheNewClusterIsNoBaseOfTheOldOne() {
    Snapshot old = backUp(0, OLD, 1, 1);
    Snapshot fresh = backUp(5, NEW, 1, 1);
    seal(9, OLD, 1, 2);
    seal(20, NEW, 1, 2);

    assertThat(bases(8)).containsOnly(old.id(), fresh.id());
    assertThat(bases(10)).containsOnly(fresh.id());
  }

  @Test
  void theNewestMomentKeepsItsBaseHoweverLongAgoItWas() {
    Snapshot only = backUp(0, OLD, 1, 1);

    assertThat(bases(1000)).containsOnly(only.id());
  }

  @Test
  void whereAHistoryIsNotKnownAllThatMayLeadThereAreBases() {
    Snapshot one = backUp(0, OLD, 1, 1);
    Snapshot two = backUp(1, OLD, 1, 2);
    seal(10, OLD, 2, 2);

    assertThat(bases(8)).containsOnly(one.id(), two.id());
  }

  @Test
  void whereNothingIsCompleteNoWalOfASnapshotGoes() {
    Object _ = backUp(0, OLD, 1, 1);
    Object _ = backUp(1, OLD, 1, 2);

    assertThat(keep(8, Set.of()))
        .containsExactly(
            new LogExtent(at(1), Long.MAX_VALUE), new LogExtent(at(2), Long.MAX_VALUE));
  }

  private Snapshot backUp(int hour, long system, int timeline, int segment) {
    seal(hour, system, timeline, segment);
    return made.backUp(system, timeline, segment);
  }

  private void seal(int hour, long system, int timeline, int... segments) {
    made.at(hour(hour));
    for (int segment : segments) {
      made.seal(system, timeline, segment);
    }
  }

  private Set<SnapshotId> bases(int windowBegin) {
    return wal.bases(made.vault().snapshots(BranchedVault.STORE), hour(windowBegin));
  }

  /// What is kept of the first timeline where all snapshots are.
  private List<LogExtent> extents(int windowBegin) {
    return keep(
        windowBegin,
        made.vault().snapshots(BranchedVault.STORE).stream()
            .map(Snapshot::id)
            .collect(Collectors.toSet()));
  }

  private List<LogExtent> keep(int windowBegin, Set<SnapshotId> complete) {
    List<Snapshot> kept = made.vault().snapshots(BranchedVault.STORE);
    List<LogKeep> keeps = wal.of(kept, complete, hour(windowBegin), Instant.MAX);
    return keeps.getFirst().keep();
  }

  private static Instant hour(int hour) {
    return BEGIN.plus(Duration.ofHours(hour));
  }

  private static long at(int segment) {
    return (long) segment * BranchedVault.SEGMENT;
  }
}
