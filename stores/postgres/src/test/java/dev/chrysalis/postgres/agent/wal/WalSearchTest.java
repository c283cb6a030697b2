package dev.chrysalis.postgres.agent.wal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.RestoreGoal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Where a recovery stops, looked for in logs written as a server writes them.
class WalSearchTest {
  private static final long SYSTEM = 7;
  private static final int SEGMENT = WrittenWal.SEGMENT;
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private final MemoryVault vault = new MemoryVault();
  private final WalArchive archive = new WalArchive(vault, "postgres");
  private final List<Long> told = new ArrayList<>();

  private static Instant at(int second) {
    return NOON.plusSeconds(second);
  }

  private static byte[] filler() {
    return new byte[90];
  }

  /// Seals what was written, to its segment's end, as pieces of one page, with the facts that a
  /// shipper gives them.
  private void seal(int timeline, WrittenWal wal) {
    seal(timeline, wal, Map.of());
  }

  private void seal(int timeline, WrittenWal wal, Map<String, String> more) {
    wal.segmentSwitch();
    long begin = wal.position() - wal.bytes().length;
    Map<String, String> facts = new HashMap<>(Map.of("segment", Integer.toString(SEGMENT)));
    facts.putAll(more);
    WalRecordReader reader =
        new WalRecordReader(new Lsn(begin), SEGMENT, record -> note(facts, record));
    for (int page = 0; page < wal.bytes().length; page += WalRecordReader.PAGE_BYTES) {
      ByteBuffer bytes = ByteBuffer.wrap(wal.bytes(), page, WalRecordReader.PAGE_BYTES);
      reader.feed(bytes.duplicate());
      vault
          .log(WalNames.log("postgres", SYSTEM, timeline))
          .append(
              begin + page,
              begin + page + WalRecordReader.PAGE_BYTES,
              bytes.slice(),
              Map.copyOf(facts));
    }
  }

  private static void note(Map<String, String> facts, WalRecord record) {
    facts.put("last", record.start().toString());
    facts.put("next", record.end().toString());
    if (record.detail() instanceof WalRecord.Detail.Commit c) {
      facts.put("commit", record.start().toString());
      facts.merge("commit-at", c.at().toString(), (a, b) -> a.compareTo(b) > 0 ? a : b);
    }
  }

  /// One commit a second over several pages, each behind records of its own transaction.
  private static WrittenWal workload(int first, int last) {
    return workload(SEGMENT, first, last);
  }

  private static WrittenWal workload(long begin, int first, int last) {
    WrittenWal wal = new WrittenWal(begin);
    for (int second = first; second <= last; second++) {
      for (int i = 0; i < 40; i++) {
        wal.record(10, 0, 700 + second, filler());
      }
      wal.commit(700 + second, at(second));
    }
    return wal;
  }

  private Optional<WalSearch.Found> find(String goal, int timeline) {
    return new WalSearch(archive, SYSTEM, timeline, (bytes, total) -> told.add(bytes))
        .find(RestoreGoal.parse(goal), new Lsn(SEGMENT), WalSearch.FAR);
  }

  private WalCommit commit(String goal) {
    return find(goal, 1).flatMap(WalSearch.Found::commit).orElseThrow();
  }

  @Test
  void aTimeIsTheLastCommitBeforeTheFirstYoungerOne() {
    seal(1, workload(1, 20));

    assertThat(commit("2026-11-23T12:00:07.5Z").xid()).isEqualTo(707);
    assertThat(commit("2026-11-23T12:00:08Z").xid()).isEqualTo(708);
    assertThat(commit("2026-11-23T12:00:59Z").xid()).isEqualTo(720);
    assertThat(find("2026-11-23T12:00:00Z", 1).flatMap(WalSearch.Found::commit)).isEmpty();
  }

  @Test
  void aCommitThatOvertookAYoungerOneDoesNotBringTheYoungerOneBack() {
    WrittenWal wal = new WrittenWal(SEGMENT);
    wal.commit(700, at(1)).commit(701, at(9)).commit(702, at(5));
    seal(1, wal);

    assertThat(commit("2026-11-23T12:00:06Z").xid()).isEqualTo(700);
  }

  @Test
  void aTransactionIsFoundWithAndWithoutItself() {
    WrittenWal wal = workload(1, 20);
    seal(1, wal);

    WalSearch.Found with = find("xid:712", 1).orElseThrow();
    WalSearch.Found without = find("before-xid:712", 1).orElseThrow();

    assertThat(with.commit()).map(WalCommit::xid).contains(712L);
    assertThat(with.record()).isEqualTo(with.commit().orElseThrow().lsn());
    assertThat(without.commit()).map(WalCommit::xid).contains(711L);
    assertThat(without.record()).isLessThan(with.record());
    assertThat(without.next()).isEqualTo(with.record());
    assertThat(find("xid:999", 1)).isEmpty();
    assertThat(find("before-xid:999", 1)).isEmpty();
    assertThat(told).isNotEmpty();
  }

  /// What was lost in it may be the goal.
  @Test
  void aGoalThatMayLieInAGapIsNotTheRecordBeforeIt() {
    seal(1, workload(SEGMENT, 1, 10));
    seal(1, workload(3 * SEGMENT, 31, 40));

    for (String goal : List.of("lsn:0/200000", "lsn:0/2FFFFF", "lsn:0/300001")) {
      assertThat(find(goal, 1)).as(goal).isEmpty();
    }
    assertThat(find("2026-11-23T12:00:25Z", 1).flatMap(WalSearch.Found::commit)).isEmpty();
    assertThat(commit("2026-11-23T12:00:07Z").xid()).isEqualTo(707);
    assertThat(commit("2026-11-23T12:00:33Z").xid()).isEqualTo(733);
    assertThat(commit("before-xid:733").xid()).isEqualTo(732);
    assertThat(commit("xid:731").xid()).isEqualTo(731);
  }

  /// Nothing was committed for a while, and then came the gap.
  @Test
  void aTimeBeforeAGapIsWhatAllIsKnownToBeOfThatTime() {
    seal(1, workload(SEGMENT, 1, 10), Map.of("as-of", at(25).toString()));
    seal(1, workload(3 * SEGMENT, 31, 40));

    assertThat(commit("2026-11-23T12:00:20Z").xid()).isEqualTo(710);
    assertThat(commit("2026-11-23T12:00:25Z").xid()).isEqualTo(710);
    assertThat(find("2026-11-23T12:00:26Z", 1).flatMap(WalSearch.Found::commit)).isEmpty();
  }

  @Test
  void aNameThatCameTwiceIsTheNewerOne() {
    WrittenWal wal = new WrittenWal(SEGMENT);
    wal.commit(700, at(1)).restorePoint("release", at(2)).commit(701, at(3));
    wal.restorePoint("release", at(4)).commit(702, at(5));
    Lsn second = wal.starts.get(3);
    seal(1, wal);

    WalSearch.Found found = find("name:release", 1).orElseThrow();

    assertThat(found.record()).isEqualTo(second);
    assertThat(found.commit()).map(WalCommit::xid).contains(701L);
    assertThat(find("name:another", 1)).isEmpty();
  }

  @Test
  void aPositionInsideARecordIsThatRecord() {
    WrittenWal wal = workload(1, 20);
    Lsn record = wal.starts.get(500);
    seal(1, wal);

    assertThat(find("lsn:" + record, 1)).map(WalSearch.Found::record).contains(record);
    assertThat(find("lsn:" + record.plus(8), 1)).map(WalSearch.Found::record).contains(record);
    assertThat(find("lsn:" + record, 1).flatMap(WalSearch.Found::commit))
        .map(WalCommit::at)
        .contains(at(500 / 41));
  }

  @Test
  void aMomentBeforeTheTimelineBeganLiesOnItsParent() {
    WrittenWal old = workload(1, 20);
    Lsn fork = old.starts.get(41 * 10);
    WrittenWal next = new WrittenWal(SEGMENT);
    for (int second = 1; second <= 10; second++) {
      for (int i = 0; i < 40; i++) {
        next.record(10, 0, 700 + second, filler());
      }
      next.commit(700 + second, at(second));
    }
    next.commit(900, at(100)).commit(901, at(101));
    seal(1, old);
    seal(2, next);
    vault
        .records()
        .create(WalNames.history("postgres", SYSTEM, 2), ("1\t" + fork + "\tx\n").getBytes(UTF_8));

    assertThat(find("2026-11-23T12:00:07Z", 2).flatMap(WalSearch.Found::commit))
        .map(WalCommit::xid)
        .contains(707L);
    assertThat(find("2026-11-23T12:00:15Z", 2).flatMap(WalSearch.Found::commit))
        .map(WalCommit::xid)
        .contains(710L);
    assertThat(find("2026-11-23T12:00:15Z", 1).flatMap(WalSearch.Found::commit))
        .map(WalCommit::xid)
        .contains(715L);
    assertThat(new WalWay(archive, SYSTEM).parting(1, old.starts.get(41 * 15), 2)).isEqualTo(fork);
    assertThat(new WalWay(archive, SYSTEM).parting(1, old.starts.get(41), 2))
        .isEqualTo(old.starts.get(41));
  }

  @Test
  void countsTheCommitsBehindARecord() {
    seal(1, workload(1, 20));
    WalSearch.Found found = find("2026-11-23T12:00:07Z", 1).orElseThrow();

    WalSearch.Tail tail =
        new WalSearch(archive, SYSTEM, 1, (bytes, total) -> {}).behind(found.record());

    assertThat(tail.commits()).isEqualTo(13);
    assertThat(tail.first()).contains(at(8));
    assertThat(tail.last()).contains(at(20));
    assertThat(tail.end()).isEqualTo(new Lsn(2L * SEGMENT));
  }
}
