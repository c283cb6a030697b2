package dev.chrysalis.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.engine.InMemoryRecordStore;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.Finding;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.agent.wal.WrittenWal;
import dev.chrysalis.postgres.archive.BranchedVault;
import dev.chrysalis.postgres.archive.PostgresInVault;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.recovery.postgres.PostgresProtection;
import dev.chrysalis.recovery.store.StoreProtection;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.proof.Proofs;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a real vault tells of a stream of WAL of which a piece was never shipped, as where a slot
/// was lost: one commit each second, ten of them in a piece.
class WalGapTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final int COMMITS = 10;
  private static final LogName LOG = new LogName(BranchedVault.STORE, "7/00000001");
  private static final Datastore STORE =
      StackFile.parse(
              "stack.yaml",
              """
              version: 1
              stack: butterfly
              platform: {kind: process, directory: /srv/platform}
              vault: {location: /srv/vault, passphraseFile: /srv/passphrase}
              datastores:
                postgres: {kind: postgresql, backup: {every: 1h, logWithin: 10s}}
              """)
          .datastores()
          .get(BranchedVault.STORE);

  private final BranchedVault made = new BranchedVault(NOON);
  private final PostgresInVault wal =
      new PostgresInVault(made.vault(), BranchedVault.STORE, made.clock());
  private final WrittenWal written = written();

  @BeforeEach
  void backUpAndShipTheFirstPiece() {
    var _ = made.backUp(7, 1, 1);
    var _ = ship(1);
  }

  @Test
  void anUnbrokenStreamReachesTheNewestCommit() {
    var _ = ship(2);
    var _ = ship(3);

    assertThat(wal.recoveryPoint()).contains(at(30));
    assertThat(faults()).isEmpty();
    assertThat(commit(at(15))).contains(at(15));
  }

  @Test
  void theRecoveryPointAndTheWindowAreThoseBeforeTheGap() {
    var _ = ship(3);

    StoreProtection told = protection().protection();

    assertThat(wal.recoveryPoint()).contains(at(10));
    assertThat(told.age()).contains(Duration.ofSeconds(20));
    assertThat(told.newest().map(StoreProtection.Window::to)).contains(at(10).toString());
    assertThat(commit(at(7))).contains(at(7));
    assertThat(choose(new RestoreGoal.Latest()).commit()).contains(at(10));
  }

  @Test
  void theGapIsAFindingAtOnceAndSoIsTheAgeThatItMakes() {
    var _ = ship(3);

    assertThat(faults())
        .anySatisfy(f -> assertThat(f).contains("gap in the WAL after 0/200000", "backup"))
        .anySatisfy(f -> assertThat(f).contains("is 20.0 s old, the policy is 10.0 s"));
  }

  @Test
  void aMomentInTheGapOrBehindItIsRefusedWithTheWindowBeforeIt() {
    var _ = ship(3);

    for (String goal :
        List.of(at(15).toString(), at(25).toString(), "lsn:0/2000F0", "lsn:0/300028")) {
      assertRefused(goal, at(10));
    }
  }

  @Test
  void aBackupBehindTheGapEndsTheFindingAndLeavesWhatWasLostLost() {
    var _ = ship(3);
    var _ = made.backUp(7, 1, 3);
    var _ = ship(4);

    assertThat(faults()).isEmpty();
    assertThat(wal.recoveryPoint()).contains(at(40));
    assertThat(commit(at(7))).contains(at(7));
    assertThat(commit(at(35))).contains(at(35));
    assertRefused(at(15).toString(), at(40));
    assertThat(wal.restorePoints())
        .extracting(WalInVault.RestorePoint::newestCommit)
        .containsExactly(at(10).toString(), at(40).toString());
  }

  /// It was shipped, and is gone: who needs it says which object that is.
  @Test
  void aMomentInAPieceThatWasDeletedIsRefusedWithItsObject() {
    String key = ship(2);
    var _ = ship(3);
    made.backend().delete(key);

    assertThatThrownBy(() -> commit(at(15)))
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(VaultErrors.LOG_GAP))
        .hasMessageContaining(key);
  }

  private void assertRefused(String goal, Instant windowEnd) {
    assertThatThrownBy(() -> choose(RestoreGoal.parse(goal)))
        .as(goal)
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(PostgresErrors.OUT_OF_WINDOW))
        .hasMessageContaining("to " + windowEnd);
  }

  private Optional<Instant> commit(Instant moment) {
    return choose(new RestoreGoal.AtTime(moment)).commit();
  }

  private WalInVault.Chosen choose(RestoreGoal goal) {
    return wal.choose(goal, Optional.empty(), (bytes, total) -> {});
  }

  private PostgresProtection protection() {
    return new PostgresProtection(STORE, wal, made.clock());
  }

  private List<String> faults() {
    Proofs proofs = new Proofs(new InMemoryRecordStore(), new Random(3));
    return new VaultProtection(
            "butterfly", List.of(protection()), proofs, Optional.empty(), made.clock())
        .look().findings().stream().map(Finding::text).toList();
  }

  private static Instant at(int second) {
    return NOON.plusSeconds(second);
  }

  /// Four segments as a server writes them.
  private static WrittenWal written() {
    WrittenWal written = new WrittenWal(BranchedVault.SEGMENT);
    for (int second = 1; second <= 4 * COMMITS; second++) {
      written.record(10, 0, 700 + second, new byte[90]).commit(700 + second, at(second));
      if (second % COMMITS == 0) {
        written.segmentSwitch();
      }
    }
    return written;
  }

  /// Ships a segment as one piece, at the moment of its last commit.
  private String ship(int segment) {
    long begin = (long) segment * BranchedVault.SEGMENT;
    // Each commit has a record before it, and behind the last comes the switch.
    int records = segment * (2 * COMMITS + 1);
    Instant last = at(segment * COMMITS);
    made.at(last);
    Object _ =
        made.vault()
            .log(LOG)
            .append(
                begin,
                begin + BranchedVault.SEGMENT,
                ByteBuffer.wrap(
                    written.bytes(), (segment - 1) * BranchedVault.SEGMENT, BranchedVault.SEGMENT),
                Map.of(
                    "segment", Integer.toString(BranchedVault.SEGMENT),
                    "last", written.starts().get(records - 1).toString(),
                    "commit", written.starts().get(records - 2).toString(),
                    "commit-at", last.toString(),
                    "as-of", last.toString()));
    return "log/postgres/7/00000001/%016x.piece".formatted(begin);
  }
}
