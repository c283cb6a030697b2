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
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
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

  private Spare spare = new Spare(0, Duration.ofDays(10));
  private Set<String> ring = Set.of(HOSTS);

  private Instant sealing = NOON;
  private final Vault vault =
      VaultRepository.create(
          new MemoryBackend(),
          VaultFixture.passphrase(),
          new SecureRandom(),
          ((InstantSource) () -> sealing).withZone(ZoneOffset.UTC),
          VaultFixture.SMALL,
          100);

  @AfterEach
  void closeVault() {
    vault.close();
  }

  @Test
  void takesWhatThereIsOfANodeWhoseLogEndedBeforeWhileTheOthersAreAQuorum() {
    ship(1, 2000, 300, 2000);

    RestorePoints.Chosen chosen = at(1000);

    assertThat(chosen.at()).isEqualTo(NOON.plusSeconds(1000));
    assertThat(chosen.behind())
        .containsExactly(new RestorePoints.Behind(member(1), NOON.plusSeconds(290), true));
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
    // What is promised can be had.
    assertThat(ring().choose(ring().recoveryPoint()).behind()).isEmpty();
  }

  @Test
  void waitsForALogThatIsFarBehindAndShips() {
    ship(1, 2000, 300, 2000);
    sealing = NOON.plusSeconds(NOW - 5);
    append(1, 2, NOON.plusSeconds(310), "s");

    assertThatThrownBy(() -> at(1000)).hasMessageContaining("and goes on");
  }

  /// The others know still what was deleted meanwhile.
  @Test
  void takesANodeThatWasLeftWhileTombstonesAreKept() {
    spare = new Spare(1, Duration.ofMinutes(10));
    ship(1, 2000, NOW - 599, 2000);
    assertThat(at(NOW - 300).behind()).hasSize(1);
  }

  @Test
  void refusesANodeThatWasLeftLongerAgoThanTombstonesAreKept() {
    spare = new Spare(1, Duration.ofSeconds(598));
    ship(1, 2000, NOW - 599, 2000);

    assertThatThrownBy(() -> at(NOW - 300)).hasMessageContaining("known for 598 s only");
    assertThat(ring().recoveryPoint()).contains(NOON.plusSeconds(NOW - 609));
  }

  /// It was told to leave: the others have its ranges, and it must not come back.
  @Test
  void refusesANodeAfterWhichTheRingHasFewer() {
    ship(1, 2000, 300, 2000);
    ring = Set.of("a", "c");
    snapshot(0, 1900, "s");

    assertThatThrownBy(() -> at(1000)).satisfies(refusal(CassandraErrors.OUT_OF_WINDOW));
  }

  /// A table that was dropped and made again while it was away would have its old rows back.
  @Test
  void refusesANodeWhoseTablesAreOfAnotherTimeThanThoseOfTheOthers() {
    ship(1, 400, 300, 400);
    for (int node : new int[] {0, 2}) {
      snapshot(node, 500, "other");
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
    assertThat(ring().choose(Optional.empty()).behind())
        .extracting(RestorePoints.Behind::member)
        .containsExactly(member(1));
    assertThat(ring().held())
        .extractingByKeys(member(0), member(1), member(2))
        .extracting(RestorePoints.Held::acknowledged)
        .containsExactly(NOON.plusSeconds(1990), NOON.plusSeconds(290), NOON.plusSeconds(1980));
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
  private void ship(int nodes, int... until) {
    spare = new Spare(nodes, spare.within());
    for (int node = 0; node < until.length; node++) {
      piece(node, 0, 0, "s");
      snapshot(node, 10, "s");
      piece(node, 1, until[node], "s");
    }
  }

  private void snapshot(int node, int second, String schema) {
    var _ =
        new KeptNode(member(node), HOSTS[node], ring, spare, schema)
            .snapshot(
                vault,
                "at-" + second,
                NOON.plusSeconds(second),
                Optional.of(log(node).stream()),
                1000);
  }

  /// @param schema that was seen then
  private void piece(int node, long position, int asOf, String schema) {
    sealing = NOON.plusSeconds(asOf);
    append(node, position, sealing, schema);
  }

  private void append(int node, long position, Instant at, String schema) {
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
