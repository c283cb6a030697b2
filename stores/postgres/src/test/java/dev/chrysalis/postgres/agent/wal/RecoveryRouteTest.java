package dev.chrysalis.postgres.agent.wal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.agent.wal.RecoveryRoute.Answer;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecoveryRouteTest {
  private static final long SYSTEM = 7L;
  private static final int SEGMENT = 1 << 20;
  private static final Map<String, String> FACTS = Map.of("segment", Integer.toString(SEGMENT));

  private final MemoryVault vault = new MemoryVault();

  /// Timeline 1 goes to 5.5 segments in the vault, and was left at 4.25 by timeline 2, which goes
  /// to 6.5.
  @BeforeEach
  void fill() {
    vault.records().create("postgres/s/7/history/00000002", "1\t0/440000\tx\n".getBytes(UTF_8));
    seal(1, 2 * SEGMENT, 5 * SEGMENT + SEGMENT / 2);
    seal(2, 4 * SEGMENT, 6 * SEGMENT + SEGMENT / 2);
  }

  private void seal(int timeline, int from, int to) {
    vault
        .log(WalNames.log("s", SYSTEM, timeline))
        .append(from, to, ByteBuffer.allocate(to - from), FACTS);
  }

  private Answer ask(int target, int timeline, int number) {
    RecoveryRoute route = new RecoveryRoute(new WalArchive(vault, "s"), SYSTEM, target);
    return route.answer(new WalSegment(timeline, number));
  }

  private static Answer serve(double segments) {
    return new Answer.Serve(new Lsn((long) (segments * SEGMENT)));
  }

  @Test
  void servesTheTargetTimelineToTheEndOfItsCoverage() {
    assertThat(ask(2, 2, 5)).isEqualTo(serve(6));
    assertThat(ask(2, 2, 6)).isEqualTo(serve(6.5));
    assertThat(ask(2, 2, 7)).isEqualTo(new Answer.Absent());
    assertThat(ask(1, 1, 5)).isEqualTo(serve(5.5));
    assertThat(ask(1, 1, 6)).isEqualTo(new Answer.Absent());
  }

  @Test
  void servesNothingOfAFormerTimelineAfterItsEnd() {
    assertThat(ask(2, 1, 3)).isEqualTo(serve(4));
    assertThat(ask(2, 1, 4)).isEqualTo(serve(4.25));
    assertThat(ask(2, 1, 5)).isEqualTo(new Answer.Absent());
  }

  @Test
  void knowsThatATimelineBeganLater() {
    assertThat(ask(2, 2, 3)).isEqualTo(new Answer.Absent());
  }

  @Test
  void otherTimelinesHaveNothingForIt() {
    assertThat(ask(1, 2, 5)).isEqualTo(new Answer.Absent());
  }

  @Test
  void whatWasWrittenAndIsNotThereIsLost() {
    assertThat(ask(1, 1, 1)).isInstanceOf(Answer.Lost.class);
    seal(2, 9 * SEGMENT, 10 * SEGMENT);
    assertThat(ask(2, 2, 7)).isInstanceOf(Answer.Lost.class);
    assertThat(ask(2, 2, 6)).isInstanceOf(Answer.Lost.class);
    assertThat(ask(9, 9, 3)).isInstanceOf(Answer.Lost.class);
  }

  @Test
  void aFormerTimelineThatStopsShortIsLost() {
    vault.records().create("postgres/s/7/history/00000003", "1\t0/580000\tx\n".getBytes(UTF_8));
    vault.log(WalNames.log("s", SYSTEM, 1)).losePiece(2 * SEGMENT);
    seal(1, 2 * SEGMENT, 5 * SEGMENT + SEGMENT / 4);
    assertThat(ask(3, 1, 5)).isInstanceOf(Answer.Lost.class);
    assertThat(ask(3, 1, 4)).isEqualTo(serve(5));
  }

  @Test
  void theWayAheadChangesTimelineWhereTheServerDoes() {
    RecoveryRoute route = new RecoveryRoute(new WalArchive(vault, "s"), SYSTEM, 2);
    assertThat(route.after(new WalSegment(1, 2))).isEqualTo(new WalSegment(1, 3));
    assertThat(route.after(new WalSegment(1, 3))).isEqualTo(new WalSegment(2, 4));
  }
}
