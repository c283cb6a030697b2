package dev.chrysalis.postgres.agent.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.Lsn;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LegTest {
  private static final long SEGMENT = 16L << 20;
  private static final TimelineHistory THIRD =
      TimelineHistory.parse(3, "1\t0/5000148\tno recovery target\n\n2\t0/7000010\tbefore x\n");

  private final Map<Integer, Lsn> covered = new HashMap<>();

  private Leg next(TimelineHistory history, String kept) {
    return Leg.next(history, t -> Optional.ofNullable(covered.get(t)), Lsn.parse(kept), SEGMENT);
  }

  @Test
  void beginsWithTheSegmentThatTheSlotKeeps() {
    assertThat(next(TimelineHistory.first(1), "0/3000148"))
        .isEqualTo(new Leg(1, Lsn.parse("0/3000000"), Optional.empty()));
  }

  @Test
  void neverBeginsBeforeTheTimelineDid() {
    assertThat(next(THIRD, "0/3000148"))
        .isEqualTo(new Leg(3, Lsn.parse("0/7000000"), Optional.empty()));
  }

  @Test
  void finishesAFormerTimelineFirst() {
    covered.put(1, Lsn.parse("0/5000100"));
    assertThat(next(THIRD, "0/7000000"))
        .isEqualTo(new Leg(1, Lsn.parse("0/5000100"), Optional.of(Lsn.parse("0/5000148"))));
  }

  @Test
  void beginsTheSuccessorAtItsSegmentsStart() {
    covered.put(1, Lsn.parse("0/5000148"));
    assertThat(next(THIRD, "0/7000000"))
        .isEqualTo(new Leg(2, Lsn.parse("0/5000000"), Optional.of(Lsn.parse("0/7000010"))));
    covered.put(2, Lsn.parse("0/7000010"));
    assertThat(next(THIRD, "0/7000000"))
        .isEqualTo(new Leg(3, Lsn.parse("0/7000000"), Optional.empty()));
  }

  @Test
  void goesOnWhereTheVaultEnds() {
    covered.put(1, Lsn.parse("0/9000000"));
    covered.put(3, Lsn.parse("0/8000008"));
    assertThat(next(THIRD, "0/7000000"))
        .isEqualTo(new Leg(3, Lsn.parse("0/8000008"), Optional.empty()));
  }

  @Test
  void aHistoryKnowsBeginAndEndOfItsTimelines() {
    assertThat(THIRD.timelines()).containsExactly(1, 2, 3);
    assertThat(THIRD.beginOf(1)).isEmpty();
    assertThat(THIRD.beginOf(3)).contains(Lsn.parse("0/7000010"));
    assertThat(THIRD.endOf(1)).contains(Lsn.parse("0/5000148"));
    assertThat(THIRD.endOf(3)).isEmpty();
    assertThat(THIRD.includes(4)).isFalse();
    assertThatThrownBy(() -> TimelineHistory.parse(2, "2\t0/5000148\tx"))
        .isInstanceOf(ChrysalisException.class);
  }

  @Test
  void aSegmentsNameCountsFromItsSize() {
    WalSegment segment = WalSegment.of(2, Lsn.parse("1/2000000"), SEGMENT);
    assertThat(segment.fileName(SEGMENT)).isEqualTo("000000020000000100000002");
    assertThat(WalSegment.parse("000000020000000100000002", SEGMENT)).contains(segment);
    assertThat(WalSegment.parse("0000000200000001000001FF", SEGMENT)).isEmpty();
    assertThat(WalSegment.parse("00000002.history", SEGMENT)).isEmpty();
  }
}
