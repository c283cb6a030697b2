package dev.chrysalis.cassandra.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LogStretchTest {
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final MemberId MEMBER = new MemberId("cassandra", 0);
  private static final LogName LOG = new LogName("cassandra", "cassandra-0/01a21ad8db64f1c7");
  private static final Duration SYNC = Duration.ofSeconds(10);

  private final Vault vault = VaultFixture.create(new MemoryBackend());
  private long position;

  @Test
  void beginsWithTheSegmentThatWasWrittenWhenTheSnapshotWasBegun() {
    piece(1, 0, 100, 1);
    piece(2, 0, 50, 5);
    piece(2, 50, 80, 8);
    piece(3, 0, 10, 20);

    assertThat(behind(10, Optional.empty()))
        .contains(new LogStretch(LOG, 1, 4, NOON.plusSeconds(20)));
  }

  /// A burst fills a segment and begins the next before all of it is shipped: only then it is known
  /// again that all is there. What was written behind the snapshot may be in the first of them.
  @Test
  void leavesOutNoSegmentThatWasFinishedWhileMoreWasWaiting() {
    piece(1, 0, 100, 5);
    piece(1, 100, 900, 5);
    piece(2, 0, 800, 5);
    piece(2, 800, 900, 12);

    assertThat(behind(10, Optional.empty())).map(LogStretch::from).contains(0L);
  }

  @Test
  void endsOnceAllThatWasAcknowledgedByTheMomentWasSurelySynced() {
    piece(1, 0, 100, 5);
    piece(1, 100, 200, 20);
    piece(1, 200, 300, 29);
    piece(1, 300, 400, 30);
    piece(1, 400, 500, 40);

    assertThat(behind(10, Optional.of(NOON.plusSeconds(20)))).map(LogStretch::to).contains(4L);
  }

  @Test
  void refusesAMomentThatTheLogDoesNotReachYet() {
    piece(1, 0, 100, 5);

    assertThatThrownBy(() -> behind(10, Optional.of(NOON.plusSeconds(20))))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(CassandraErrors.OUT_OF_WINDOW));
  }

  @Test
  void refusesALogThatBeginsBehindTheSnapshot() {
    piece(1, 0, 100, 15);

    assertThatThrownBy(() -> behind(10, Optional.empty()))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(CassandraErrors.OUT_OF_WINDOW));
  }

  private Optional<LogStretch> behind(int begun, Optional<Instant> moment) {
    NodeFacts facts =
        new NodeFacts(
            MEMBER,
            "first",
            "butterfly",
            "a",
            Set.of("a"),
            "5.0.9",
            "s",
            "dc1",
            "rack1",
            NOON.plusSeconds(begun),
            NOON.plusSeconds(begun + 1),
            Optional.of(LOG.stream()),
            Spare.NONE,
            1000,
            0,
            List.of());
    return LogStretch.behind(vault, "cassandra", facts, moment, SYNC);
  }

  private void piece(long segment, long from, long to, int asOf) {
    PieceFacts facts =
        new PieceFacts(
            new SegmentName(7, segment),
            from,
            to,
            NOON.plusSeconds(asOf),
            "own",
            SchemaSeen.NOTHING);
    Object _ =
        vault
            .log(LOG)
            .append(position, ++position, ByteBuffer.allocate((int) (to - from)), facts.toMap());
  }
}
