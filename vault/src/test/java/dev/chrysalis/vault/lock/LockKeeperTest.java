package dev.chrysalis.vault.lock;

import static dev.chrysalis.vault.VaultFixture.NOW;
import static dev.chrysalis.vault.VaultFixture.content;
import static dev.chrysalis.vault.VaultFixture.noise;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogRange;
import dev.chrysalis.vault.LogStream;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.MemoryBackend;
import dev.chrysalis.vault.backend.ObjectLock;
import dev.chrysalis.vault.proof.ProofRequest;
import dev.chrysalis.vault.proof.Sample;
import dev.chrysalis.vault.prune.LogKeep;
import dev.chrysalis.vault.prune.PruneGuard;
import dev.chrysalis.vault.prune.PruneRequest;
import dev.chrysalis.vault.prune.Pruner;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LockKeeperTest {
  private static final LogName LOG = new LogName("postgres", "7/00000001");
  private static final ObjectLock LOCK = new ObjectLock(ObjectLock.Mode.COMPLIANCE, 30);
  private static final PruneGuard GUARD =
      new PruneGuard() {
        @Override
        public void mayGoOn() {}

        @Override
        public boolean waitFor(int openSessions) {
          return false;
        }
      };

  private final MemoryBackend store = new MemoryBackend();
  private final VaultRepository vault = VaultFixture.create(store);
  private final LocksInMemory locks = new LocksInMemory(store, Optional.of(LOCK));

  private Snapshot snapshot(int number) {
    return VaultFixture.snapshot(
        vault, "postgres", Map.of("same", content(7, 900), "own", noise(number, 500)));
  }

  private void logs() {
    LogStream log = vault.log(LOG);
    for (int at = 100; at < 600; at += 100) {
      log.append(at, at + 100, ByteBuffer.wrap(noise(at, 100)), Map.of());
    }
  }

  private LockKeeper.Held round(Instant now) {
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    try (VaultRepository opened =
        VaultRepository.open(
            store, VaultFixture.passphrase(), new SecureRandom(), clock, VaultFixture.SMALL)) {
      return opened
          .lockKeeper(locks)
          .run(List.of("postgres"), key -> key.startsWith("runs/"), (objects, extended) -> {});
    }
  }

  private static Instant day(int days) {
    return NOW.plus(Duration.ofDays(days));
  }

  private void prune(Snapshot dropped, LogExtent kept) {
    Pruner pruner = vault.pruner(store);
    PruneRequest request =
        new PruneRequest(
            "postgres",
            Set.of(dropped.id()),
            List.of(new LogKeep(LOG, List.of(kept), Instant.MAX)),
            NOW.minusSeconds(60));
    pruner.sweep(pruner.hide(request, GUARD), GUARD);
  }

  /// What somebody can delete who may delete everything that is not held.
  private void deleteWhatIsNotHeld() {
    store.keys().stream().filter(key -> !locks.all().containsKey(key)).forEach(store::delete);
  }

  @Test
  void whoDeletesAllThatIsNotHeldTakesNothingFromARestore() {
    Snapshot gone = snapshot(1);
    Snapshot second = snapshot(2);
    Snapshot third = snapshot(3);
    logs();
    prune(gone, new LogExtent(300, 600));
    vault.records().create("runs/butterfly/1", noise(3, 100));

    round(NOW);
    deleteWhatIsNotHeld();

    try (Vault left = VaultFixture.open(store)) {
      assertThat(left.snapshots("postgres")).containsExactlyInAnyOrder(second, third);
      for (Snapshot snapshot : left.snapshots("postgres")) {
        ProofRequest all =
            new ProofRequest(
                "postgres", snapshot.id(), List.of(new LogRange(LOG, 300, 600)), Sample.all(), 1);
        assertThat(left.prover().prove(all, (bytes, total) -> {}).damaged()).isEmpty();
      }
      assertThat(left.log(LOG).extents()).extracting(LogExtent::to).containsExactly(600L);
      assertThat(left.records().read("runs/butterfly/1")).hasValue(noise(3, 100));
    }
  }

  @Test
  void whatNoRestoreNeedsIsNotHeld() {
    Snapshot gone = snapshot(1);
    snapshot(2);
    store.create("removed/postgres/" + gone.id(), Body.of(new byte[0]));
    vault.records().create("lease/butterfly/beat/1", noise(3, 100));

    round(NOW);

    assertThat(locks.all().keySet())
        .noneMatch(key -> key.contains("/beat/") || key.startsWith("sessions/"))
        .noneMatch(key -> key.startsWith("catalog/") && key.endsWith(gone.id().toString()));
  }

  @Test
  void packsOfOldSnapshotsAreHeldForNewOnes() {
    Snapshot first = snapshot(1);
    snapshot(2);

    round(NOW);

    assertThat(locks.all().keySet())
        .anyMatch(key -> key.startsWith("packs/postgres/" + first.id()));
    assertThat(locks.all().values()).containsOnly(day(30));
  }

  @Test
  void aSecondRoundAsksOnceForEachObjectAndSetsNothing() {
    snapshot(1);
    logs();
    LockKeeper.Held first = round(NOW);
    int asked = locks.asked();
    int set = locks.set();

    LockKeeper.Held second = round(day(14));

    assertThat(first.extended()).isEqualTo(first.objects()).isEqualTo(set);
    assertThat(second.objects()).isEqualTo(first.objects());
    assertThat(second.extended()).isZero();
    assertThat(locks.asked() - asked).isEqualTo((int) first.objects());
  }

  @Test
  void whatHasLessThanHalfLeftIsHeldForTheWholeLockAgain() {
    snapshot(1);
    round(NOW);

    assertThat(round(day(16)).extended()).isPositive();

    assertThat(locks.all().values()).containsOnly(day(46));
  }

  @Test
  void whatIsHeldForLongerStaysSo() {
    snapshot(1);
    locks.hold("config", day(400));

    round(NOW);

    assertThat(locks.all()).containsEntry("config", day(400));
  }

  @Test
  void aRoundThatBrokeOffIsBegunAgainAndSetsOnlyWhatIsLeft() {
    snapshot(1);
    logs();
    locks.breakAfter(4);
    assertThatThrownBy(() -> round(NOW))
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(VaultErrors.UNREACHABLE));
    locks.breakAfter(Integer.MAX_VALUE / 2);

    LockKeeper.Held held = round(NOW);

    assertThat(held.extended()).isEqualTo(held.objects() - 4);
    assertThat(locks.all()).hasSize((int) held.objects());
  }

  @Test
  void whatASnapshotNeedsThatCannotBeReadIsNotKnownAndSaidAndAllElseIsHeld() {
    Snapshot damaged = snapshot(1);
    Snapshot whole = snapshot(2);
    store.delete("manifests/postgres/" + damaged.id());

    LockKeeper.Held held = round(NOW);

    assertThat(held.unread()).isEqualTo(1);
    assertThat(locks.all()).containsKey("manifests/postgres/" + whole.id());
  }

  @Test
  void aPackThatIsGoneIsCountedAndStopsNothing() {
    Snapshot snapshot = snapshot(1);
    store.keys().stream().filter(key -> key.startsWith("packs/")).forEach(store::delete);

    LockKeeper.Held held = round(NOW);

    assertThat(held.missing()).isEqualTo(1);
    assertThat(locks.all()).containsKey("catalog/postgres/" + snapshot.id());
  }

  @Test
  void withoutADeclaredLockThereIsNothingToKeep() {
    LocksInMemory none = new LocksInMemory(store, Optional.empty());

    assertThatThrownBy(() -> vault.lockKeeper(none))
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(VaultErrors.CANNOT_LOCK));
  }
}
