package dev.chrysalis.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.InMemoryRecordStore;
import dev.chrysalis.model.Finding;
import dev.chrysalis.model.stack.CopyPolicy;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.recovery.postgres.PostgresProtection;
import dev.chrysalis.recovery.store.StoreProtection;
import dev.chrysalis.vault.proof.Proofs;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the vault alone shows of protection that has stopped, whoever was to tell.
class VaultProtectionTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final Stack STACK =
      StackFile.parse(
          "stack.yaml",
          """
          version: 1
          stack: butterfly
          platform: {kind: process, directory: /srv/platform}
          vault: {location: 'file:///srv/vault', passphraseFile: /srv/passphrase}
          datastores:
            postgres:
              kind: postgresql
              backup: {every: 1h, logWithin: 10s, prove: {verified: 1d}}
          """);

  private final Held vault = new Held();
  private final VaultCopies copies =
      new VaultCopies(
          "butterfly",
          new CopyPolicy("s3://elsewhere/vault", Duration.ofHours(1)),
          new InMemoryRecordStore());

  @BeforeEach
  void theVaultWasCopied() {
    copies.keep(NOW, "");
  }

  @Test
  void findsNothingWhileTheVaultIsFresh() {
    assertThat(faultsAfter(Duration.ofSeconds(9))).isEmpty();
  }

  @Test
  void findsASilentAgentWithinAMinute() {
    assertThat(faultsAfter(Duration.ofSeconds(11)))
        .singleElement()
        .asString()
        .contains("the newest restorable moment is 11.0 s old, the policy is 10.0 s");
  }

  @Test
  void findsAGapAtOnce() {
    vault.shipped = new WalInVault.Shipped("7", 1, vault.end.plus(1));

    assertThat(faultsAfter(Duration.ZERO))
        .singleElement()
        .asString()
        .contains("gap in the WAL after " + vault.end, "chrysalis backup");
  }

  @Test
  void saysWhatIsShippedToWhereNoSnapshotLeads() {
    vault.shipped = new WalInVault.Shipped("7", 2, vault.end.plus(1));
    assertThat(faultsAfter(Duration.ofSeconds(9))).isEmpty();
    assertThat(faultsAfter(Duration.ofSeconds(11)))
        .singleElement()
        .asString()
        .contains("of timeline 2, to which no snapshot leads", "chrysalis backup");

    vault.shipped = new WalInVault.Shipped("8", 1, vault.end);
    assertThat(faultsAfter(Duration.ofSeconds(11)))
        .singleElement()
        .asString()
        .contains("another cluster (8 instead of 7)", "recover store-lost");
  }

  @Test
  void findsAScheduleOfBackupsThatStopped() {
    vault.heldUntil = NOW.plus(Duration.ofMinutes(61));

    assertThat(faultsAfter(Duration.ofMinutes(61)))
        .singleElement()
        .asString()
        .contains("the newest snapshot is 1 h 1 min old");
  }

  @Test
  void findsPagesThatTheNewestBackupFoundDamaged() {
    vault.damagedPages = 2;

    assertThat(faultsAfter(Duration.ZERO))
        .singleElement()
        .asString()
        .contains("2 pages of the newest snapshot", "20261125t120000z-aaaaaa");
  }

  @Test
  void findsACopyOfTheVaultThatIsKeptNoMore() {
    vault.heldUntil = NOW.plus(Duration.ofMinutes(121));

    assertThat(faultsAfter(Duration.ofMinutes(119))).noneMatch(f -> f.contains("the copy"));
    assertThat(faultsAfter(Duration.ofMinutes(121)))
        .anyMatch(f ->
            f.contains("the copy of the vault in s3://elsewhere/vault has what the vault had 2 h"));
  }

  @Test
  void findsAScheduleOfProofsThatStopped() {
    vault.heldUntil = NOW.plus(Duration.ofHours(49));

    assertThat(faultsAfter(Duration.ofHours(49)))
        .anyMatch(f -> f.contains("no restore point was ever verified, the policy is every 24 h"));
  }

  @Test
  void findsThatNothingCanBeRestored() {
    vault.heldUntil = null;

    assertThat(faultsAfter(Duration.ZERO))
        .containsExactly("postgres: nothing in the vault can be restored");
  }

  @Test
  void endsTheWindowWhereItBeginsWhileNothingIsCommitted() {
    for (String commit : List.of("", NOW.minusSeconds(3).toString())) {
      vault.newestCommit = commit;

      assertThat(protection(Clock.fixed(NOW, ZoneOffset.UTC)).protection().newest().orElseThrow())
          .isEqualTo(
              new StoreProtection.Window("20261125t120000z-aaaaaa", NOW, NOW.toString(), 1000));
    }
  }

  private PostgresProtection protection(Clock clock) {
    return new PostgresProtection(STACK.datastores().get("postgres"), vault, clock);
  }

  private List<String> faultsAfter(Duration passed) {
    Clock then = Clock.fixed(NOW.plus(passed), ZoneOffset.UTC);
    Proofs proofs = new Proofs(new InMemoryRecordStore(), new Random(3));
    return new VaultProtection(
            STACK.name(), List.of(protection(then)), proofs, Optional.of(copies), then)
        .look().findings().stream().map(Finding::text).toList();
  }

  /// A vault that holds everything up to now.
  private static final class Held implements WalInVault {
    private final Lsn end = Lsn.parse("0/5000000");
    private Shipped shipped = new Shipped("7", 1, end);
    private String newestCommit = NOW.toString();
    private long damagedPages;
    private @Nullable Instant heldUntil = NOW;

    @Override
    public Optional<RestorePoint> newest() {
      return restorePoints().stream().findFirst();
    }

    @Override
    public List<RestorePoint> restorePoints() {
      RestorePoint point =
          new RestorePoint(
              "20261125t120000z-aaaaaa",
              NOW,
              "7",
              1,
              NOW,
              Lsn.parse("0/4000000"),
              Lsn.parse("0/4FFFF00"),
              end,
              newestCommit,
              1000,
              0,
              damagedPages);
      return heldUntil == null ? List.of() : List.of(point);
    }

    @Override
    public Optional<RestorePoint> restorePoint(String snapshot) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<String> newestSnapshot() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Instant> recoveryPoint() {
      return Optional.ofNullable(heldUntil);
    }

    @Override
    public Optional<Shipped> shipped() {
      return Optional.of(shipped);
    }

    @Override
    public Optional<End> end(String systemIdentifier, int timeline) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean covers(String systemIdentifier, int timeline, Lsn from, Lsn to) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<LeftBehind> leftBehind(String systemIdentifier, int timeline, int by) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Chosen choose(RestoreGoal goal, Optional<Integer> timeline, Reading reading) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Discarded discarded(String systemIdentifier, int timeline, Lsn target, Reading reading) {
      throw new UnsupportedOperationException();
    }
  }
}
