package dev.chrysalis.postgres.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.agent.files.BackupFacts;
import dev.chrysalis.postgres.agent.server.ServerState;
import dev.chrysalis.postgres.agent.wal.WrittenWal;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogRange;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PostgresInVaultTest {
  private static final int SEGMENT = 1 << 20;

  private final Vault vault =
      VaultRepository.create(
          new MemoryBackend(),
          Passphrase.of("pupa".toCharArray()),
          new SecureRandom(),
          new Seconds(),
          VaultOptions.defaults(),
          1000);
  private final PostgresInVault wal = new PostgresInVault(vault, "postgres", Clock.systemUTC());

  private void seal(int fromSegment, int toSegment, String lastRecord) {
    seal(1, fromSegment, toSegment, lastRecord);
  }

  private void seal(int timeline, int fromSegment, int toSegment, String lastRecord) {
    seal("7", timeline, fromSegment, toSegment, lastRecord);
  }

  private void seal(
      String system, int timeline, int fromSegment, int toSegment, String lastRecord) {
    int bytes = (toSegment - fromSegment) * SEGMENT;
    vault
        .log(new LogName("postgres", system + "/%08X".formatted(timeline)))
        .append(
            (long) fromSegment * SEGMENT,
            (long) toSegment * SEGMENT,
            ByteBuffer.allocate(bytes),
            Map.of("segment", Integer.toString(SEGMENT), "last", lastRecord));
  }

  private void sealAsOf(int timeline, int fromSegment, int toSegment, Instant asOf) {
    vault
        .log(new LogName("postgres", "7/%08X".formatted(timeline)))
        .append(
            (long) fromSegment * SEGMENT,
            (long) toSegment * SEGMENT,
            ByteBuffer.allocate((toSegment - fromSegment) * SEGMENT),
            Map.of(
                "segment", Integer.toString(SEGMENT),
                "last", "0/%X000A0".formatted(toSegment - 1),
                "as-of", asOf.toString()));
  }

  private String backUp(String start, String stop) {
    return snapshot(start, stop).id().toString();
  }

  private Snapshot snapshot(String start, String stop) {
    return snapshot("7", start, stop);
  }

  private Snapshot snapshot(String system, String start, String stop) {
    BackupFacts facts =
        new BackupFacts(
            system,
            1,
            Lsn.parse(start),
            1,
            Lsn.parse(stop),
            Instant.EPOCH,
            170000,
            SEGMENT,
            true,
            MemberId.parse("postgres-0"),
            ServerState.Role.PRIMARY,
            "label",
            Map.of(),
            Map.of(),
            0,
            List.of());
    try (SnapshotWriter writer = vault.beginSnapshot("postgres")) {
      return writer.commit(facts.toMap());
    }
  }

  /// Timeline 1 goes on past the place where timeline 2 left it, and was backed up there too.
  private String leaveTimelineOneBehind() {
    String before = backUp("0/200028", "0/200100");
    seal(2, 6, "0/5000A0");
    String after = backUp("0/400028", "0/400100");
    vault
        .records()
        .create("postgres/postgres/7/history/00000002", "1\t0/300080\tx\n".getBytes(UTF_8));
    seal(2, 3, 4, "0/3000A0");
    assertThat(wal.restorePoints())
        .extracting(WalInVault.RestorePoint::snapshot)
        .containsExactly(before, after);
    return before;
  }

  private static Lsn at(int segment) {
    return new Lsn((long) segment * SEGMENT);
  }

  @Test
  void aMomentOfTheNewestClusterIsNeverReachedFromAnOlderOnesSnapshot() {
    String _ = backUp("0/200028", "0/200100");
    seal(2, 6, "0/5000A0");
    String fresh = snapshot("8", "0/400028", "0/400100").id().toString();
    seal("8", 1, 4, 6, "0/5000B0");

    WalInVault.Chosen latest = choose(RestoreGoal.parse("latest"));
    assertThat(latest.snapshot()).isEqualTo(fresh);
    assertThat(latest.systemIdentifier()).isEqualTo("8");
    assertThatThrownBy(() -> choose(RestoreGoal.parse("lsn:0/300000")))
        .as("the older cluster has such a position, the newest one does not")
        .isInstanceOf(ChrysalisException.class)
        .hasMessageContaining("0/400100");
  }

  private WalInVault.Chosen choose(RestoreGoal goal) {
    return wal.choose(goal, Optional.empty(), (bytes, total) -> {});
  }

  @Test
  void theEndOfATimelinesWalNeedsNoSnapshot() {
    seal(2, 3, "0/2000A0");

    assertThat(wal.end("7", 1))
        .contains(new WalInVault.End(at(3), Lsn.parse("0/2000A0"), Optional.empty()));
    assertThat(wal.end("7", 2)).isEmpty();
    assertThat(wal.end("8", 1)).isEmpty();
    assertThat(wal.restorePoints()).isEmpty();
  }

  @Test
  void behindAHoleTheNewestStretchCounts() {
    seal(2, 3, "0/2000A0");
    seal(5, 6, "0/5000A0");

    assertThat(wal.end("7", 1))
        .contains(new WalInVault.End(at(6), Lsn.parse("0/5000A0"), Optional.empty()));
    assertThat(wal.covers("7", 1, at(5), at(6))).isTrue();
    assertThat(wal.covers("7", 1, at(2), at(6))).isFalse();
    assertThat(wal.covers("7", 2, at(5), at(6))).isFalse();
  }

  @Test
  void aRecordFromBeforeTheHoleIsNotTheLastOneBehindIt() {
    seal(2, 3, "0/2000A0");
    seal(5, 6, "0/2000A0");

    assertThat(wal.end("7", 1)).isEmpty();
  }

  @Test
  void aRestoreReadsTheWalFromTheBackupsBeginningToTheEnd() {
    seal(1, 2, "0/1000A0");
    seal(2, 3, "0/2000A0");
    seal(3, 5, "0/4000A0");
    Snapshot complete = snapshot("0/280028", "0/3000A0");
    Snapshot early = snapshot("0/480028", "0/5000A0");

    assertThat(wal.logsOf(complete))
        .containsExactly(
            new LogRange(new LogName("postgres", "7/00000001"), 0x280028, at(5).value()));
    assertThat(wal.logsOf(early)).isEmpty();
  }

  @Test
  void aNewerSnapshotOfATimelineThatWasLeftIsNotTheNewestMoment() {
    String before = leaveTimelineOneBehind();

    assertThat(wal.newest())
        .hasValueSatisfying(p -> {
          assertThat(p.snapshot()).isEqualTo(before);
          assertThat(p.timeline()).isEqualTo(2);
        });
    assertThat(choose("latest", Optional.empty()).timeline()).isEqualTo(2);
    assertThat(choose("latest", Optional.of(1)).target()).isEqualTo(Lsn.parse("0/5000A0"));
  }

  @Test
  void whatLiesOutsideOfTheWindowIsRefusedWithTheWindow() {
    leaveTimelineOneBehind();

    for (String goal : List.of("lsn:F/0", "lsn:0/1000", "2026-11-23T02:15:30Z")) {
      assertThatThrownBy(() -> choose(goal, Optional.empty()))
          .as(goal)
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              e -> assertThat(e.code()).isEqualTo(PostgresErrors.OUT_OF_WINDOW))
          .hasMessageContaining("the window is 1970-01-01T00:00:00Z (0/200100) to");
    }
    assertThatThrownBy(() -> choose("name:release", Optional.empty()))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(PostgresErrors.NO_SUCH_TARGET));
  }

  /// Nothing is committed, so that the first commit behind any time before the backup lies behind
  /// its end.
  @Test
  void aTimeBeforeTheFirstSnapshotIsRefusedThoughNothingWasCommittedSince() {
    String _ = backUp("0/200028", "0/200028");
    Instant commit = Instant.parse("2026-11-23T12:00:00Z");
    WrittenWal quiet = new WrittenWal(2L * SEGMENT);
    quiet.record(10, 0, 700, new byte[900]).commit(700, commit).segmentSwitch();
    vault
        .log(new LogName("postgres", "7/00000001"))
        .append(
            2L * SEGMENT,
            3L * SEGMENT,
            ByteBuffer.wrap(quiet.bytes()),
            Map.of(
                "segment", Integer.toString(SEGMENT),
                "last", quiet.starts().get(1).toString(),
                "commit-at", commit.toString()));

    assertThatThrownBy(() -> choose("1969-12-31T23:00:00Z", Optional.empty()))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(PostgresErrors.OUT_OF_WINDOW));
    assertThat(choose("1970-01-01T00:00:01Z", Optional.empty()).target())
        .isEqualTo(quiet.starts().getFirst());
  }

  /// A newer timeline to which no snapshot leads makes nothing restorable that was not before.
  @Test
  void whatIsShippedToWhereNoSnapshotLeadsMakesNothingNewer() {
    String _ = backUp("0/200028", "0/200100");
    sealAsOf(1, 2, 3, Instant.ofEpochSecond(100));
    vault
        .records()
        .create("postgres/postgres/7/history/00000002", "1\t0/380080\tx\n".getBytes(UTF_8));
    sealAsOf(2, 4, 5, Instant.ofEpochSecond(200));

    assertThat(wal.recoveryPoint()).contains(Instant.ofEpochSecond(100));
    assertThat(wal.shipped()).contains(new WalInVault.Shipped("7", 2, at(5)));
    assertThatThrownBy(() -> choose("1970-01-01T00:03:00Z", Optional.empty()))
        .hasMessageContaining(
            "the window is 1970-01-01T00:00:00Z (0/200100) to 1970-01-01T00:01:40Z");
  }

  private WalInVault.Chosen choose(String goal, Optional<Integer> timeline) {
    return wal.choose(RestoreGoal.parse(goal), timeline, (bytes, total) -> {});
  }

  /// A second later at every look, so that snapshots are in order.
  private static final class Seconds extends Clock {
    private final AtomicLong second = new AtomicLong();

    @Override
    public Instant instant() {
      return Instant.ofEpochSecond(second.incrementAndGet());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
