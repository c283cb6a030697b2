package dev.chrysalis.postgres.agent.wal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.archive.PostgresInVault;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.vault.LogExtent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalSalvageTest {
  private static final long BEGIN = 3L * WrittenWal.SEGMENT;
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @TempDir private Path directory;
  private final MemoryVault vault = new MemoryVault();
  private final WrittenWal wal = new WrittenWal(BEGIN);
  private long shipped;

  @BeforeEach
  void shipTheBeginning() {
    wal.commit(1, NOON).commit(2, NOON.plusSeconds(1));
    shipped = wal.position();
    PieceFacts facts =
        new PieceFacts(
            WrittenWal.SEGMENT,
            17,
            Optional.of(wal.starts.getLast()),
            Optional.of(new Lsn((shipped + 7) & ~7L)),
            Optional.of(wal.starts.getLast()),
            Optional.of(NOON.plusSeconds(1)),
            Optional.empty());
    var _ = log(1).append(BEGIN, shipped, ByteBuffer.wrap(wal.bytes()), facts.toMap());
  }

  @Test
  void bringsTheWholeRecordsThatTheVaultMisses() throws IOException {
    for (int xid = 3; xid < 40_000; xid++) {
      wal.commit(xid, NOON.plusSeconds(xid));
    }
    write(1);

    WalSalvage.Outcome.Read read = read();

    assertThat(read.from()).isEqualTo(new Lsn(shipped));
    assertThat(read.to()).isEqualTo(new Lsn((wal.position() + 7) & ~7L));
    assertThat(read.commits()).isEqualTo(39_997);
    assertThat(read.lastCommit()).contains(NOON.plusSeconds(39_999));
    assertThat(log(1).extents()).containsExactly(new LogExtent(BEGIN, read.to().value()));
    assertThat(Arrays.copyOf(LogBytes.read(log(1), BEGIN, wal.position()), wal.bytes().length))
        .isEqualTo(wal.bytes());
  }

  @Test
  void takesNothingOfARecordThatIsNotWhole() throws IOException {
    wal.commit(3, NOON.plusSeconds(3));
    long whole = wal.position();
    wal.commit(4, NOON.plusSeconds(4));
    byte[] bytes = wal.bytes();
    bytes[bytes.length - 3] ^= 1;
    write(1, BEGIN, bytes);

    WalSalvage.Outcome.Read read = read();

    assertThat(read.to()).isEqualTo(new Lsn((whole + 7) & ~7L));
    assertThat(read.commits()).isEqualTo(1);
    assertThat(read.ends()).contains("fails its checksum");
  }

  @Test
  void takesNoSegmentThatWasRecycledUnderALaterName() throws IOException {
    while (wal.position() < BEGIN + WrittenWal.SEGMENT - 4096) {
      wal.commit(3, NOON);
    }
    write(1);
    Path first = directory.resolve(new WalSegment(1, 3).fileName(WrittenWal.SEGMENT));
    Files.copy(first, directory.resolve(new WalSegment(1, 4).fileName(WrittenWal.SEGMENT)));

    WalSalvage.Outcome.Read read = read();

    assertThat(read.to()).isEqualTo(new Lsn((wal.position() + 7) & ~7L));
  }

  @Test
  void mayBeRepeatedAndAddsNothingThen() throws IOException {
    wal.commit(3, NOON);
    write(1);
    Lsn end = read().to();

    WalSalvage.Outcome.Read again = read();

    assertThat(again.bytes()).isZero();
    assertThat(again.to()).isEqualTo(end);
    assertThat(again.commits()).isZero();
  }

  @Test
  void refusesAnotherHistoryThanTheVaults() throws IOException {
    WrittenWal other = new WrittenWal(BEGIN).commit(1, NOON).commit(7, NOON).commit(8, NOON);
    write(1, BEGIN, other.bytes());

    assertThatExceptionOfType(ChrysalisException.class)
        .isThrownBy(this::read)
        .satisfies(e -> assertThat(e.code()).isEqualTo(PostgresErrors.TIMELINE_CONFLICT));
    assertThat(log(1).extents()).containsExactly(new LogExtent(BEGIN, shipped));
  }

  @Test
  void leavesAHoleAHole() throws IOException {
    WrittenWal later = new WrittenWal(BEGIN + 2L * WrittenWal.SEGMENT).commit(9, NOON);
    write(1, BEGIN + 2L * WrittenWal.SEGMENT, later.bytes());

    WalSalvage.Outcome.Read read = read();

    assertThat(read.bytes()).isZero();
    assertThat(read.ends()).isEqualTo("there is no segment of timeline 1 at 0/300000");
    assertThat(log(1).extents()).hasSize(1);
  }

  @Test
  void bringsATimelineThatHadJustBegunWithItsFirstSegment() throws IOException {
    long fork = wal.position();
    wal.commit(3, NOON.plusSeconds(3));
    write(2);
    Files.writeString(
        directory.resolve("00000002.history"), "1\t" + new Lsn(fork) + "\tpromoted\n");
    shipTheRest(fork);

    WalSalvage.Outcome.Read read = read();

    assertThat(read.timeline()).isEqualTo(2);
    assertThat(read.from()).isEqualTo(new Lsn(BEGIN));
    assertThat(log(2).extents()).containsExactly(new LogExtent(BEGIN, read.to().value()));
  }

  @Test
  void tellsWhichCommitsAreLostOnATimelineThatWasLeft() throws IOException {
    Lsn fork = new Lsn((wal.position() + 7) & ~7L);
    wal.commit(3, NOON.plusSeconds(3)).commit(4, NOON.plusSeconds(4));
    write(1);
    Lsn end = read().to();
    PostgresInVault held = new PostgresInVault(vault, "postgres", Clock.systemUTC());
    String system = Long.toString(WrittenWal.SYSTEM);

    assertThat(held.leftBehind(system, 1, 2)).isEmpty();
    var _ =
        vault
            .records()
            .create(
                WalNames.history("postgres", WrittenWal.SYSTEM, 2),
                ("1\t" + fork + "\tpromoted\n").getBytes(UTF_8));

    WalInVault.Commit first = new WalInVault.Commit(3, NOON.plusSeconds(3));
    WalInVault.Commit last = new WalInVault.Commit(4, NOON.plusSeconds(4));
    assertThat(held.leftBehind(system, 1, 2))
        .contains(
            new WalInVault.LeftBehind(
                Optional.of(fork),
                end.minus(fork),
                2,
                Optional.of(first),
                Optional.of(last),
                List.of(first, last)));
    assertThat(held.leftBehind(system, 7, 2).orElseThrow().at()).isEmpty();
  }

  @Test
  void saysThatNothingIsThereWhereNothingIs() throws IOException {
    Files.writeString(directory.resolve("notes.txt"), "no segment", UTF_8);

    assertThat(salvage(directory).run()).isInstanceOf(WalSalvage.Outcome.NothingThere.class);
    assertThat(salvage(directory.resolve("gone")).run())
        .isInstanceOf(WalSalvage.Outcome.NothingThere.class);
  }

  private void shipTheRest(long to) {
    if (to > shipped) {
      var _ =
          log(1)
              .append(
                  shipped, to, ByteBuffer.wrap(wal.bytes(), (int) (shipped - BEGIN), 1), Map.of());
    }
  }

  private WalSalvage.Outcome.Read read() {
    return (WalSalvage.Outcome.Read) salvage(directory).run();
  }

  private WalSalvage salvage(Path from) {
    return new WalSalvage(vault, "postgres", from, (_, _) -> {});
  }

  private MemoryVault.MemoryLog log(int timeline) {
    return vault.log(WalNames.log("postgres", WrittenWal.SYSTEM, timeline));
  }

  private void write(int timeline) throws IOException {
    write(timeline, BEGIN, wal.bytes());
  }

  private void write(int timeline, long from, byte[] bytes) throws IOException {
    for (int at = 0; at < bytes.length; at += WrittenWal.SEGMENT) {
      WalSegment segment = WalSegment.of(timeline, new Lsn(from + at), WrittenWal.SEGMENT);
      byte[] whole =
          Arrays.copyOf(
              Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + WrittenWal.SEGMENT)),
              WrittenWal.SEGMENT);
      Files.write(directory.resolve(segment.fileName(WrittenWal.SEGMENT)), whole);
    }
  }
}
