package dev.chrysalis.cassandra.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.control.RestorePoints;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A ring of three goes back to a moment at which not all of them were there.
class RingAtMomentTest {
  private static final String STORE = "cassandra";
  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
  private static final String[] HOSTS = {"a", "b", "c"};
  private static final int NOW = 2000;

  private final Vault vault = VaultFixture.create(new MemoryBackend());

  @AfterEach
  void closeVault() {
    vault.close();
  }

  @Test
  void takesWhatThereIsOfANodeWhoseLogEndedBeforeWhileTheOthersAreAQuorum() {
    ship(1, 2000, 300, 2000);

    RestorePoints.Chosen chosen = at(1000);

    assertThat(chosen.at()).isEqualTo(NOON.plusSeconds(1000));
    assertThat(chosen.behind()).containsExactly("cassandra-1 up to " + NOON.plusSeconds(290));
    assertThat(log(chosen, 1)).endsWith("-2");
    assertThat(at(200).behind()).as("it was there then").isEmpty();
    assertThat(ring().point(member(1), Optional.of(NOON.plusSeconds(1000))).asOf())
        .as("by hand")
        .isEqualTo(NOON.plusSeconds(300));
  }

  @Test
  void refusesAMomentAtWhichMoreWereAwayThanARangeCanSpare() {
    ship(1, 2000, 300, 400);

    assertThatThrownBy(() -> at(1000)).satisfies(refusal(CassandraErrors.OUT_OF_WINDOW));
    assertThat(at(350).behind()).hasSize(1);
  }

  @Test
  void refusesItWhereRangesCanSpareNone() {
    ship(0, 2000, 300, 2000);

    assertThatThrownBy(() -> at(1000)).satisfies(refusal(CassandraErrors.OUT_OF_WINDOW));
  }

  /// It is there in a moment, and nothing would be missing.
  @Test
  void waitsForALogThatGoesOn() {
    ship(1, 2000, NOW - 20, 2000);

    assertThatThrownBy(() -> at(NOW - 15)).satisfies(refusal(CassandraErrors.OUT_OF_WINDOW));
    assertThat(at(NOW - 40).behind()).isEmpty();
  }

  /// A table that was dropped and made again while it was away would have its old rows back.
  @Test
  void refusesANodeWhoseTablesAreOfAnotherTimeThanThoseOfTheOthers() {
    ship(1, 400, 300, 400);
    for (int node : new int[] {0, 2}) {
      snapshot(node, 1, 500, "other");
      piece(node, 2, NOW, "other");
    }

    assertThatThrownBy(() -> at(1000)).satisfies(refusal(CassandraErrors.TABLES_CHANGED));
  }

  /// What a quorum acknowledged is on one of those whose logs reach it.
  @Test
  void isARestorePointUpToWhereAQuorumReaches() {
    ship(1, 2000, 300, 1990);

    assertThat(ring().newest().orElseThrow().to()).isEqualTo(NOON.plusSeconds(1980));
    assertThat(ring().choose(Optional.empty()).at()).isEqualTo(NOON.plusSeconds(1980));
    assertThat(ring().recoveryPoint()).contains(NOON.plusSeconds(1980));
    assertThat(ring().recoveryPoints())
        .isEqualTo(
            Map.of(
                member(0), NOON.plusSeconds(1990),
                member(1), NOON.plusSeconds(290),
                member(2), NOON.plusSeconds(1980)));
  }

  private RestorePoints.Chosen at(int second) {
    return ring().choose(Optional.of(NOON.plusSeconds(second)));
  }

  private RingInVault ring() {
    return new RingInVault(vault, STORE, Duration.ofSeconds(10), () -> NOON.plusSeconds(NOW));
  }

  private static Consumer<Throwable> refusal(ErrorCode code) {
    return thrown ->
        assertThat(thrown)
            .isInstanceOfSatisfying(
                ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static String log(RestorePoints.Chosen chosen, int ordinal) {
    return Objects.requireNonNull(chosen.parts().get(member(ordinal))).log().orElseThrow();
  }

  /// Snapshots of all nodes, and their logs up to these seconds.
  private void ship(int spare, int... until) {
    for (int node = 0; node < until.length; node++) {
      piece(node, 0, 0, "s");
      snapshot(node, spare, 10, "s");
      piece(node, 1, until[node], "s");
    }
  }

  private void snapshot(int node, int spare, int second, String schema) {
    var _ =
        new KeptNode(member(node), HOSTS[node], Set.of(HOSTS), spare, schema)
            .snapshot(
                vault,
                "at-" + second,
                NOON.plusSeconds(second),
                Optional.of(log(node).stream()),
                1000);
  }

  /// @param schema that was seen then
  private void piece(int node, long position, int asOf, String schema) {
    Instant at = NOON.plusSeconds(asOf);
    PieceFacts facts =
        new PieceFacts(
            new SegmentName(7, 1),
            position * 10,
            position * 10 + 10,
            at,
            "own",
            new SchemaSeen(at, schema, Instant.EPOCH));
    Object _ =
        vault.log(log(node)).append(position, position + 1, ByteBuffer.allocate(10), facts.toMap());
  }

  private static LogName log(int node) {
    return new LogName(STORE, "cassandra-%d/01a21ad8db64f1c%d".formatted(node, node));
  }

  private static MemberId member(int ordinal) {
    return new MemberId("cassandra", ordinal);
  }
}
