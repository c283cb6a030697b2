package dev.chrysalis.cassandra.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.control.RestorePoints;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the vault holds of a ring whose nodes are replaced, or which comes up empty.
class RingInVaultTest {
  private static final String STORE = "cassandra";
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final Set<String> RING = Set.of("a", "b", "c");
  private static final Set<String> OTHER = Set.of("x", "y", "z");

  private final Vault vault = VaultFixture.create(new MemoryBackend());

  @AfterEach
  void closeVault() {
    vault.close();
  }

  @Test
  void isARestorePointOnceThereIsASnapshotOfEveryNode() {
    snapshot(0, "a", RING, 10, 1000);
    snapshot(1, "b", RING, 20, 1000);
    assertThat(ring(30).newest()).isEmpty();
    assertThatThrownBy(() -> ring(30).choose(Optional.empty()))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(CassandraErrors.NO_RESTORE_POINT));

    snapshot(2, "c", RING, 30, 1000);

    RestorePoints.Point point = ring(40).newest().orElseThrow();
    assertThat(point.nodes()).isEqualTo(3);
    assertThat(point.from()).isEqualTo(NOON.plusSeconds(31));
    assertThat(hosts(ring(40).choose(Optional.empty()))).containsValues("a", "b", "c");
    assertThat(ring(40).recoveryPoint()).contains(NOON.plusSeconds(10));
    assertThat(ring(40).all()).hasSize(1);
  }

  @Test
  void takesTheNodeThatWasReplacedOnlyForMomentsBeforeThat() {
    wholeRing(0);
    snapshot(2, "d", Set.of("a", "b", "d"), 100, 1000);

    assertThat(hosts(ring(200).choose(Optional.empty())))
        .isEqualTo(Map.of(member(0), "a", member(1), "b", member(2), "d"));
    assertThat(ring(200).hostIds()).containsExactlyInAnyOrder("a", "b", "c", "d");
    assertThat(ring(200).hostId(member(2))).contains("d");
    assertThat(ring(200).all()).hasSize(2);
  }

  /// As where all volumes were exchanged for empty ones, and the nodes found nobody who knew
  /// better.
  @Test
  void isNotHiddenByARingThatCameUpEmptyInItsPlace() {
    wholeRing(0);
    snapshot(0, "x", OTHER, 100, 0);
    snapshot(1, "y", OTHER, 101, 0);
    snapshot(2, "z", OTHER, 102, 0);

    assertThat(ring(200).hostIds()).containsExactlyInAnyOrderElementsOf(RING);
    assertThat(hosts(ring(200).choose(Optional.empty()))).containsValues("a", "b", "c");
    assertThat(ring(200).newest().orElseThrow().from()).isBefore(NOON.plusSeconds(100));
    assertThat(ring(200).point(member(0), Optional.empty()).facts().hostId())
        .as("what one node is restored from by hand")
        .isEqualTo("a");
  }

  @Test
  void isTheNewRingOnceThatHasHalfOfWhatTheOldHadOrAWeekHasGone() {
    wholeRing(0);
    snapshot(0, "x", OTHER, 100, 0);
    snapshot(1, "y", OTHER, 101, 0);
    snapshot(2, "z", OTHER, 102, 0);
    assertThat(ring(Duration.ofDays(8).toSeconds()).hostIds())
        .containsExactlyInAnyOrderElementsOf(OTHER);

    snapshot(1, "y", OTHER, 200, 1600);
    assertThat(ring(300).hostIds()).containsExactlyInAnyOrderElementsOf(OTHER);
  }

  @Test
  void isTheOldRingAgainOnceThatWasRestored() {
    wholeRing(0);
    snapshot(0, "x", OTHER, 100, 0);
    wholeRing(300);

    assertThat(hosts(ring(400).choose(Optional.empty()))).containsValues("a", "b", "c");
    assertThat(ring(400).newest().orElseThrow().from()).isAfter(NOON.plusSeconds(300));
  }

  @Test
  void namesWhatABackupHasOfEachNode() {
    wholeRing(0);
    wholeRing(100);

    RestorePoints.Chosen first = ring(200).ofBackup("at-0");

    assertThat(hosts(first)).containsValues("a", "b", "c");
    assertThat(first.at()).isEqualTo(NOON);
    String one = part(first, 1);
    assertThat(ring(200).ofSnapshot(one)).isEqualTo(first);
  }

  /// As a shipper takes one of its node.
  @Test
  void addsToASnapshotOfOneNodeWhatThereWasOfTheOthers() {
    wholeRing(0);
    snapshot(1, "b", RING, 100, 1000);
    wholeRing(200);
    String alone = part(ring(150).ofBackup("at-1"), 1);

    RestorePoints.Chosen chosen = ring(300).ofSnapshot(alone);

    assertThat(chosen.at()).isEqualTo(NOON);
    assertThat(part(chosen, 0)).isEqualTo(part(ring(300).ofBackup("at-0"), 0));
    assertThatThrownBy(() -> ring(300).ofBackup("at-9")).hasMessageContaining("called at-9");
  }

  @Test
  void doesNotTakeANewerBackupForAnOlderOneOfItsName() {
    wholeRing(0);
    String old = part(ring(5).ofBackup("at-0"), 1);
    wholeRing(10);

    assertThatThrownBy(() -> ring(20).ofSnapshot(old))
        .hasMessageContaining("a newer backup is called at-0 as well");
  }

  private static String part(RestorePoints.Chosen chosen, int ordinal) {
    return Objects.requireNonNull(chosen.parts().get(member(ordinal))).snapshot();
  }

  private void wholeRing(int second) {
    snapshot(0, "a", RING, second, 1000);
    snapshot(1, "b", RING, second + 1, 1000);
    snapshot(2, "c", RING, second + 2, 1000);
  }

  private RingInVault ring(long now) {
    return new RingInVault(vault, STORE, Duration.ofSeconds(10), () -> NOON.plusSeconds(now));
  }

  private static Map<MemberId, String> hosts(RestorePoints.Chosen chosen) {
    Map<MemberId, String> hosts = new TreeMap<>();
    chosen.parts().forEach((member, part) -> hosts.put(member, part.hostId()));
    return hosts;
  }

  private static MemberId member(int ordinal) {
    return new MemberId("cassandra", ordinal);
  }

  private void snapshot(int ordinal, String host, Set<String> ring, int second, long userBytes) {
    Instant begun = NOON.plusSeconds(second);
    var _ =
        new KeptNode(member(ordinal), host, ring)
            .snapshot(vault, "at-" + second / 100, begun, Optional.empty(), userBytes);
  }
}
