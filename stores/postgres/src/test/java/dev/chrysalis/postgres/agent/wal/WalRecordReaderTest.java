package dev.chrysalis.postgres.agent.wal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.postgres.Lsn;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalRecordReaderTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00.123456Z");

  private final List<WalRecord> records = new ArrayList<>();

  private WalRecordReader read(Lsn from, byte[] bytes, Random chops) {
    WalRecordReader reader = new WalRecordReader(from, WrittenWal.SEGMENT, records::add);
    for (int at = 0; at < bytes.length; ) {
      int count = Math.min(1 + chops.nextInt(20_000), bytes.length - at);
      reader.feed(ByteBuffer.wrap(bytes, at, count));
      at += count;
    }
    return reader;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void findsEveryRecordHoweverTheBytesArrive(int seed) {
    Random random = new Random(seed);
    WrittenWal wal = new WrittenWal(3L * WrittenWal.SEGMENT);
    for (int i = 0; i < 400; i++) {
      byte[] body = new byte[random.nextInt(random.nextInt(10) == 0 ? 60_000 : 300)];
      random.nextBytes(body);
      wal.record(10, 0, i, body);
    }
    WalRecordReader reader = read(new Lsn(3L * WrittenWal.SEGMENT), wal.bytes(), random);
    assertThat(reader.stopped()).isEmpty();
    assertThat(records).extracting(WalRecord::start).containsExactlyElementsOf(wal.starts);
    assertThat(reader.lastRecord()).contains(wal.starts.getLast());
    assertThat(reader.nextRecord()).contains(new Lsn((wal.position() + 7) & ~7L));
  }

  @Test
  void beginsAtAPageInsideARecord() {
    WrittenWal wal = new WrittenWal(0);
    wal.record(10, 0, 1, new byte[20_000]).commit(2, NOON).record(10, 0, 3, new byte[30]);
    byte[] bytes = wal.bytes();
    byte[] tail = Arrays.copyOfRange(bytes, 8192, bytes.length);
    read(new Lsn(8192), tail, new Random(1));
    assertThat(records).extracting(WalRecord::xid).containsExactly(2L, 3L);
  }

  @Test
  void understandsCommitsAndRestorePoints() {
    WrittenWal wal = new WrittenWal(0);
    wal.commit(77, NOON).commitPrepared(88, NOON.plusSeconds(1)).restorePoint("before", NOON);
    read(new Lsn(0), wal.bytes(), new Random(1));
    assertThat(records)
        .extracting(WalRecord::detail)
        .containsExactly(
            new WalRecord.Detail.Commit(77, NOON),
            new WalRecord.Detail.Commit(88, NOON.plusSeconds(1)),
            new WalRecord.Detail.RestorePoint("before", NOON));
  }

  @Test
  void goesOnInTheNextSegmentAfterASwitch() {
    WrittenWal wal = new WrittenWal(0);
    wal.commit(1, NOON).segmentSwitch().commit(2, NOON);
    WalRecordReader reader = read(new Lsn(0), wal.bytes(), new Random(1));
    assertThat(reader.stopped()).isEmpty();
    assertThat(records).hasSize(3);
    assertThat(records.get(1).end()).isEqualTo(new Lsn(WrittenWal.SEGMENT));
    assertThat(records.get(2).start()).isEqualTo(new Lsn(WrittenWal.SEGMENT + 40));
  }

  @Test
  void dropsARecordWhoseRestWasLostInACrash() {
    WrittenWal wal = new WrittenWal(0);
    wal.commit(1, NOON).brokenRecord(50_000).commit(2, NOON);
    WalRecordReader reader = read(new Lsn(0), wal.bytes(), new Random(1));
    assertThat(reader.stopped()).isEmpty();
    assertThat(records).extracting(WalRecord::xid).containsExactly(1L, 2L);
  }

  @Test
  void stopsAtZerosAndKnowsTheLastRecord() {
    WrittenWal wal = new WrittenWal(0);
    wal.commit(1, NOON).commit(2, NOON);
    byte[] padded = Arrays.copyOf(wal.bytes(), WrittenWal.SEGMENT);
    WalRecordReader reader = read(new Lsn(0), padded, new Random(1));
    assertThat(reader.stopped()).isPresent();
    assertThat(reader.lastRecord()).contains(wal.starts.getLast());
    assertThat(records).hasSize(2);
  }

  @Test
  void handsOutNothingThatIsDamaged() {
    WrittenWal wal = new WrittenWal(0);
    wal.commit(1, NOON).record(10, 0, 2, new byte[100]).commit(3, NOON);
    byte[] bytes = wal.bytes();
    bytes[(int) wal.starts.get(1).value() + 50] ^= 1;
    WalRecordReader reader = read(new Lsn(0), bytes, new Random(1));
    assertThat(reader.stopped()).hasValueSatisfying(why -> assertThat(why).contains("checksum"));
    assertThat(records).extracting(WalRecord::xid).containsExactly(1L);
  }

  @Test
  void aRecordThatIsNotCompleteIsNotHandedOut() {
    WrittenWal wal = new WrittenWal(0);
    wal.commit(1, NOON).record(10, 0, 2, new byte[100]);
    byte[] bytes = Arrays.copyOf(wal.bytes(), wal.bytes().length - 1);
    WalRecordReader reader = read(new Lsn(0), bytes, new Random(1));
    assertThat(records).hasSize(1);
    assertThat(reader.nextRecord()).contains(wal.starts.get(1));
  }
}
