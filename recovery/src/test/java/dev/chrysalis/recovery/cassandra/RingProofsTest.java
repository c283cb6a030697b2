package dev.chrysalis.recovery.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.cassandra.control.RestorePoints.Point;
import dev.chrysalis.engine.InMemoryRecordStore;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.proof.Proof;
import dev.chrysalis.vault.proof.Proof.Level;
import dev.chrysalis.vault.proof.Proofs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RingProofsTest {
  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
  private static final String FIRST = "20261128t110000z-aaaaaa";
  private static final String SECOND = "20261128t110000z-bbbbbb";
  private static final Point POINT =
      new Point("nightly", "5.0.9", NOON, NOON, List.of(FIRST, SECOND), 2 << 20, 0);

  private final Proofs proofs = new Proofs(new InMemoryRecordStore(), new Random(4711));

  @Test
  void aRingIsVerifiedOnceEachOfItsNodesIsAndAsLongAgoAsTheFirst() {
    keep(FIRST, Level.VERIFIED, 1, true, 10);
    assertThat(ofPoint()).as("the other node's is not").isEmpty();

    keep(SECOND, Level.VERIFIED, 1, true, 5);

    assertThat(ofPoint()).extracting(Proof::at).containsExactly(ago(10));
  }

  @Test
  void tellsOfTheNodeOfWhichLeastWasRead() {
    keep(FIRST, Level.VERIFIED, 1, true, 10);
    keep(SECOND, Level.VERIFIED, 0.1, true, 5);

    assertThat(ofPoint()).extracting(Proof::fraction).containsExactly(0.1);
  }

  @Test
  void oneDamagedNodeIsDamageOfTheRingUntilItIsReadAgainAndWell() {
    keep(FIRST, Level.VERIFIED, 1, false, 10);
    assertThat(ofPoint()).extracting(Proof::intact).containsExactly(false);

    keep(FIRST, Level.VERIFIED, 1, true, 8);
    keep(SECOND, Level.VERIFIED, 1, true, 9);

    assertThat(ofPoint()).extracting(Proof::intact).containsExactly(true);
  }

  @Test
  void aRestoreOfTheRingIsKeptUnderItsNewestSnapshot() {
    keep(SECOND, Level.QUERIED, 1, true, 3);

    assertThat(ofPoint()).extracting(Proof::level).containsExactly(Level.QUERIED);
  }

  /// A node that is away is left out of later backups: what it had before is a part of these.
  @Test
  void aRestoreOfAnotherBackupWithWhichItSharesASnapshotProvesNothing() {
    keep(FIRST, Level.QUERIED, 1, true, 3);

    assertThat(ofPoint()).isEmpty();
  }

  private List<Proof> ofPoint() {
    return List.copyOf(new RingProofs(proofs, "cassandra").of(POINT));
  }

  private void keep(String snapshot, Level level, double fraction, boolean intact, int minutesAgo) {
    proofs.keep(
        new Proof(
            "cassandra",
            new SnapshotId(snapshot),
            level,
            intact,
            ago(minutesAgo),
            "ana@bastion-1",
            fraction,
            List.of(),
            List.of(),
            Map.of()));
  }

  private static Instant ago(int minutes) {
    return NOON.minus(Duration.ofMinutes(minutes));
  }
}
