package dev.chrysalis.cassandra.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RingBackupTest {
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final Set<String> RING = Set.of("a", "b", "c");

  private final List<Snapshot> snapshots = new ArrayList<>();

  @Test
  void isWholeWithASnapshotOfEachNodeOfTheRing() {
    snapshot("first", "a", 0);
    snapshot("first", "b", 1);
    assertThat(RingBackup.of(snapshots))
        .singleElement()
        .satisfies(backup -> {
          assertThat(backup.missing()).containsExactly("c");
          assertThat(backup.of(new MemberId("cassandra", 2))).isEmpty();
        });

    snapshot("first", "c", 2);
    assertThat(RingBackup.of(snapshots))
        .singleElement()
        .satisfies(backup -> {
          assertThat(backup.missing()).isEmpty();
          assertThat(backup.begun()).isEqualTo(NOON);
          assertThat(backup.taken()).isEqualTo(NOON.plusSeconds(12));
          assertThat(backup.bytes()).isEqualTo(300);
        });
  }

  @Test
  void takesTheNewestOfANodeThatBeganAgain() {
    snapshot("first", "a", 0);
    SnapshotId again = snapshot("first", "a", 0);

    assertThat(RingBackup.of(snapshots).getFirst().of(new MemberId("cassandra", 0)))
        .map(RingBackup.Node::snapshot)
        .contains(again);
  }

  @Test
  void areTheOldestFirst() {
    snapshot("zebra", "a", 0);
    snapshot("ant", "a", 0);

    assertThat(RingBackup.of(snapshots))
        .extracting(RingBackup::name)
        .containsExactly("zebra", "ant");
  }

  @Test
  void refusesFactsThatAreNotThoseOfANode() {
    assertThatThrownBy(() -> NodeFacts.fromMap(Map.of("member", "cassandra-0")))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(CassandraErrors.NO_RESTORE_POINT));
  }

  /// A second after the one before.
  private SnapshotId snapshot(String backup, String host, int ordinal) {
    int n = snapshots.size();
    Instant begun = NOON.plusSeconds(n);
    NodeFacts facts =
        new NodeFacts(
            new MemberId("cassandra", ordinal),
            backup,
            "butterfly",
            host,
            RING,
            "5.0.9",
            "s",
            "dc1",
            "rack1",
            begun,
            begun.plusSeconds(10),
            Optional.empty(),
            0,
            List.of());
    assertThat(NodeFacts.fromMap(facts.toMap())).isEqualTo(facts);
    SnapshotId id = new SnapshotId("20261127t1200%02dz-00000%d".formatted(n, n));
    snapshots.add(new Snapshot(id, "cassandra", begun, begun, facts.toMap(), 1, 100, 100, 50));
    return id;
  }
}
