package dev.chrysalis.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.InMemoryRecordStore;
import dev.chrysalis.model.Finding;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.ProofPolicy;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.proof.Proof;
import dev.chrysalis.vault.proof.Proofs;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProofAgeTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final SnapshotId OLD = new SnapshotId("20261101t000000z-aaaaaa");
  private static final SnapshotId NEW = new SnapshotId("20261125t000000z-bbbbbb");
  private static final ProofPolicy POLICY =
      new ProofPolicy(Duration.ofDays(1), Duration.ofDays(7), List.of());

  private final Proofs proofs = new Proofs(new InMemoryRecordStore(), new Random(7));

  @Test
  void isDueAsLongAsNothingWasProved() {
    assertThat(verified(POLICY).due()).isTrue();
    assertThat(restored(POLICY).due()).isTrue();
    assertThat(restored(POLICY)).hasToString("never restored, policy 7 d");
  }

  @Test
  void isNeverDueWithoutAPolicy() {
    assertThat(verified(null).due()).isFalse();
    assertThat(finding(verified(null), NOW.minus(Duration.ofDays(99)))).isEmpty();
  }

  @Test
  void isDueAgainAtTheAgeThatPolicyNamesWhicheverSnapshotWasProved() {
    keep(OLD, Proof.Level.VERIFIED, true, Duration.ofHours(23), 1);
    assertThat(verified(POLICY).due()).isFalse();

    ProofAge later = ProofAge.of(store(POLICY), proofs, NOW.plus(Duration.ofHours(1))).getFirst();
    assertThat(later.due()).isTrue();
  }

  @Test
  void doesNotCountASampleOrARestoreThatWasNotAsked() {
    keep(NEW, Proof.Level.VERIFIED, true, Duration.ofHours(1), 0.1);
    keep(NEW, Proof.Level.RESTORED, true, Duration.ofHours(1), 1);

    assertThat(verified(POLICY).newest()).isEmpty();
    assertThat(restored(POLICY).newest()).isEmpty();
  }

  @Test
  void countsTheNewestOfAllSnapshots() {
    keep(NEW, Proof.Level.QUERIED, true, Duration.ofHours(30), 1);
    keep(OLD, Proof.Level.QUERIED, true, Duration.ofHours(2), 1);

    assertThat(restored(POLICY)).hasToString("restored 2 h ago (" + OLD + "), policy 7 d");
  }

  @Test
  void findsAProofThatFailedUntilANewerOneSucceeds() {
    keep(NEW, Proof.Level.QUERIED, true, Duration.ofHours(3), 1);
    keep(NEW, Proof.Level.RESTORED, false, Duration.ofHours(2), 1);

    assertThat(finding(restored(POLICY), NOW).orElseThrow())
        .satisfies(f -> assertThat(f.kind()).isEqualTo("proof-failed"))
        .satisfies(f -> assertThat(f.text()).contains(NEW.toString(), "CHR-3021: it broke"));
    assertThat(finding(restored(null), NOW)).as("without a policy too").isPresent();

    keep(NEW, Proof.Level.QUERIED, true, Duration.ofHours(1), 1);
    assertThat(finding(restored(POLICY), NOW)).isEmpty();
  }

  @Test
  void findsAProofThatIsTwiceAsOldAsPolicyAsks() {
    keep(NEW, Proof.Level.VERIFIED, true, Duration.ofHours(47), 1);
    assertThat(finding(verified(POLICY), NOW)).isEmpty();

    ProofAge later = ProofAge.of(store(POLICY), proofs, NOW.plus(Duration.ofHours(2))).getFirst();
    assertThat(finding(later, NOW).orElseThrow())
        .satisfies(f -> assertThat(f.kind()).isEqualTo("proof-late"))
        .satisfies(f -> assertThat(f.text()).contains("was verified for", "every 24 h"));
  }

  @Test
  void findsThatNothingWasEverProvedOnceItCouldHaveBeen() {
    assertThat(finding(restored(POLICY), NOW.minus(Duration.ofDays(2)))).isEmpty();
    assertThat(finding(restored(POLICY), NOW.minus(Duration.ofDays(15))).orElseThrow().text())
        .contains("no restore point was ever restored");
    assertThat(restored(POLICY).finding(Optional::empty)).isEmpty();
  }

  private static Optional<Finding> finding(ProofAge age, Instant first) {
    return age.finding(() -> Optional.of(first));
  }

  private ProofAge verified(@Nullable ProofPolicy policy) {
    return ProofAge.of(store(policy), proofs, NOW).getFirst();
  }

  private ProofAge restored(@Nullable ProofPolicy policy) {
    return ProofAge.of(store(policy), proofs, NOW).getLast();
  }

  private static Datastore store(@Nullable ProofPolicy policy) {
    return new Datastore(
        "postgres",
        new Datastore.Kind.PostgreSql(null),
        "postgres",
        5432,
        List.of(),
        new Datastore.BackupPolicy(Duration.ofHours(1), Duration.ofSeconds(10), null, policy));
  }

  private void keep(
      SnapshotId snapshot, Proof.Level level, boolean intact, Duration ago, double fraction) {
    proofs.keep(
        new Proof(
            "postgres",
            snapshot,
            level,
            intact,
            NOW.minus(ago),
            "ana@bastion-1",
            fraction,
            List.of(),
            List.of(),
            intact ? Map.of() : Map.of("faults", "CHR-3021: it broke")));
  }
}
