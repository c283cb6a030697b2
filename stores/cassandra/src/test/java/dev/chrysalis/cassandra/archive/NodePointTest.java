package dev.chrysalis.cassandra.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodePointTest {
  private static final String STORE = "cassandra";
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final MemberId MEMBER = new MemberId("cassandra", 0);
  private static final LogName LOG = new LogName(STORE, "cassandra-0/01a21ad8db64f1c7");

  private final Vault vault = VaultFixture.create(new MemoryBackend());

  @Test
  void takesTheSnapshotWithTheLogThatReachesFurthest() {
    piece(0, 0);
    SnapshotId base = snapshot(10, Optional.of(LOG.stream()));
    snapshot(20, Optional.empty());
    piece(1, 30);

    NodePoint newest = NodePoint.newest(vault, STORE, NodePoint.Host.of(MEMBER));

    assertThat(newest.snapshot()).isEqualTo(base);
    assertThat(newest.asOf()).isEqualTo(NOON.plusSeconds(30));
  }

  /// Shipping ended long ago, backups went on.
  @Test
  void takesANewerSnapshotAloneWhereNoLogReachesIt() {
    piece(0, 0);
    snapshot(10, Optional.of(LOG.stream()));
    piece(1, 30);
    SnapshotId alone = snapshot(1000, Optional.empty());

    NodePoint newest = NodePoint.newest(vault, STORE, NodePoint.Host.of(MEMBER));

    assertThat(newest.snapshot()).isEqualTo(alone);
    assertThat(newest.log()).isEmpty();
  }

  @Test
  void reachesNoMomentBeforeASnapshotWasTakenNorBehindItsLog() {
    piece(0, 0);
    SnapshotId base = snapshot(10, Optional.of(LOG.stream()));
    piece(1, 60);

    assertThat(at(20)).isEqualTo(base);
    assertThatThrownBy(() -> at(5)).satisfies(NodePointTest::isOutOfWindow);
    assertThatThrownBy(() -> at(55)).satisfies(NodePointTest::isOutOfWindow);
  }

  /// A log brings back no rows of a table that its snapshot does not know.
  @Test
  void refusesToGoOverAChangeOfTheSchema() {
    piece(0, 0, seen(0, "s", 0));
    SnapshotId old = snapshot(10, Optional.of(LOG.stream()));
    piece(1, 25, seen(24, "s", 0));
    piece(2, 35, seen(32, "t", 0));
    piece(3, 60, seen(59, "t", 0));

    assertThat(at(15)).isEqualTo(old);
    assertThat(at(23)).isEqualTo(old);
    assertThatThrownBy(() -> at(28)).satisfies(NodePointTest::saysThatTablesChanged);
    assertThatThrownBy(() -> at(45)).satisfies(NodePointTest::saysThatTablesChanged);
  }

  /// It brings truncated rows back, too, which are gone by then.
  @Test
  void refusesToGoOverATruncate() {
    piece(0, 0, seen(0, "s", 0));
    SnapshotId old = snapshot(10, Optional.of(LOG.stream()));
    piece(1, 25, seen(24, "s", 0));
    piece(2, 35, seen(32, "s", 30));
    piece(3, 60, seen(59, "s", 30));

    assertThat(at(20)).isEqualTo(old);
    assertThat(at(29)).as("just before it").isEqualTo(old);
    assertThatThrownBy(() -> at(31)).satisfies(NodePointTest::saysThatTablesChanged);

    SnapshotId fresh = snapshot(40, Optional.of(LOG.stream()));
    assertThat(at(45)).isEqualTo(fresh);
    assertThat(at(20)).isEqualTo(old);
  }

  /// The server wrote on, and did not let the agent ask.
  @Test
  void refusesWhatWasWrittenWhileNobodyCouldSeeTheTables() {
    piece(0, 0, seen(0, "s", 0));
    SnapshotId base = snapshot(10, Optional.of(LOG.stream()));
    piece(1, 25, seen(24, "s", 0));
    piece(2, 150, seen(24, "s", 0));
    piece(3, 300, seen(24, "s", 0));

    assertThat(at(20)).isEqualTo(base);
    assertThatThrownBy(() -> at(200))
        .satisfies(NodePointTest::saysThatTablesChanged)
        .hasMessageContaining("nobody could see");

    piece(4, 310, seen(305, "s", 0));
    assertThat(at(200)).as("they have not, as was seen later").isEqualTo(base);
  }

  /// While it is down it changes nothing.
  @Test
  void holdsNothingAgainstANodeThatWasDown() {
    piece(0, 0, seen(0, "s", 0));
    SnapshotId base = snapshot(10, Optional.of(LOG.stream()));
    piece(1, 25, seen(24, "s", 0));
    emptyPiece(2, 20, 150, seen(24, "s", 0));
    emptyPiece(3, 20, 300, seen(24, "s", 0));

    assertThat(at(200)).isEqualTo(base);
  }

  private static SchemaSeen seen(int at, String version, int truncated) {
    return new SchemaSeen(
        NOON.plusSeconds(at),
        version,
        truncated == 0 ? Instant.EPOCH : NOON.plusSeconds(truncated));
  }

  private static void saysThatTablesChanged(Throwable thrown) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(CassandraErrors.TABLES_CHANGED));
  }

  private SnapshotId at(int second) {
    Instant moment = NOON.plusSeconds(second);
    RingAtMoment ring =
        new RingAtMoment(vault, STORE, moment, Duration.ofSeconds(10), NOON.plusSeconds(1000));
    return Objects.requireNonNull(
            ring.points(List.of(NodePoint.Host.of(MEMBER)), new NodesInVault(List.of()))
                .get(MEMBER))
        .snapshot();
  }

  private static void isOutOfWindow(Throwable thrown) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(CassandraErrors.OUT_OF_WINDOW));
  }

  private SnapshotId snapshot(int second, Optional<String> log) {
    return new KeptNode(MEMBER, "a", Set.of("a"))
        .snapshot(vault, "at-" + second, NOON.plusSeconds(second), log, 1000);
  }

  private void piece(long position, int asOf) {
    piece(position, asOf, SchemaSeen.NOTHING);
  }

  private void piece(long position, int asOf, SchemaSeen seen) {
    append(position, position * 10, 10, asOf, seen);
  }

  private void emptyPiece(long position, long from, int asOf, SchemaSeen seen) {
    append(position, from, 0, asOf, seen);
  }

  private void append(long position, long from, int bytes, int asOf, SchemaSeen seen) {
    PieceFacts facts =
        new PieceFacts(
            new SegmentName(7, 1), from, from + bytes, NOON.plusSeconds(asOf), "own", seen);
    Object _ =
        vault.log(LOG).append(position, position + 1, ByteBuffer.allocate(bytes), facts.toMap());
  }
}
