package dev.chrysalis.cassandra.agent.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.agent.files.NodeBackup;
import dev.chrysalis.cassandra.server.HeardNotes;
import dev.chrysalis.cassandra.server.TestNode;
import dev.chrysalis.cassandra.server.TestRing;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// Tables of a real ring of three nodes are loaded beside the living ones, and into a ring of two.
/// The replicas of the first are not alike: one node missed writes and deletions.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RingLoadIT {
  private static final String STORE = "cassandra";
  private static final int ROWS = 2000;
  private static final int MISSED = 200;

  private static final Vault VAULT = VaultFixture.create(new MemoryBackend());
  private static final Map<MemberId, SnapshotId> NODES = new TreeMap<>();
  private static TestRing ring;
  private static Map<Long, String> capsules;
  @TempDir private static Path scratch;

  @BeforeAll
  static void backsARingUpWhoseReplicasDiffer() {
    ring = TestRing.of(3);
    ring.start();
    try (CqlSession session = ring.superuser()) {
      LoadedSchema.make(session);
      for (long i = 0; i < ROWS; i++) {
        write(session, i);
      }
      LoadedSchema.writeOthers(session);
    }
    TestNode last = ring.nodes().getLast();
    ring.killOne(last);
    try (CqlSession session = ring.superuser()) {
      for (long i = ROWS; i < ROWS + MISSED; i++) {
        write(session, i);
        session.execute("DELETE FROM shop.capsules WHERE id = " + (i - ROWS));
      }
    }
    ring.start();
    try (CqlSession session = ring.superuser()) {
      capsules = capsules(session, "shop", ConsistencyLevel.ALL);
    }
    for (int i = 0; i < 3; i++) {
      MemberId member = new MemberId(STORE, i);
      TestNode node = ring.nodes().get(i);
      NODES.put(
          member,
          new NodeBackup(node.connection(), VAULT, CopyProgress.silent(), Clock.systemUTC(), 2)
              .run(
                  new NodeBackup.Request(
                      STORE, member, "nightly", node.folders(), Optional.empty()))
              .id());
    }
  }

  @AfterAll
  static void removesIt() {
    if (ring != null) {
      ring.close();
    }
    VAULT.close();
  }

  @Test
  @Order(1)
  void bringsOneTableUpBesideTheLivingOne() {
    try (CqlSession session = ring.superuser()) {
      session.execute("UPDATE shop.capsules SET value = 'overwritten' WHERE id = " + ROWS);
    }

    RingLoad.Loaded loaded = load(ring, backup(), of("shop", "capsules", "shop_before", false));

    assertThat(loaded.tables()).isOne();
    assertThat(loaded.rows()).isEqualTo(ROWS);
    try (CqlSession session = ring.superuser()) {
      assertThat(capsules(session, "shop_before", ConsistencyLevel.ALL)).isEqualTo(capsules);
      assertThat(session.execute("SELECT value FROM shop.capsules WHERE id = " + ROWS).one())
          .extracting(row -> row.getString("value"))
          .isEqualTo("overwritten");
      assertThat(
              session.execute(
                  "SELECT table_name FROM system_schema.tables WHERE keyspace_name = 'shop_before'"))
          .hasSize(1);
    }
  }

  @Test
  @Order(2)
  void tellsARingThatHasOtherValuesFromItsBackup() {
    assertThatThrownBy(() -> compare(ring))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(CassandraErrors.ROWS_DIFFER))
        .hasMessageContaining("rows of shop.capsules have other values at QUORUM")
        .hasMessageNotContaining("Orders")
        .hasMessageNotContaining("visits");
  }

  @Test
  @Order(2)
  void refusesTablesThatHaveRows() {
    assertThatThrownBy(() -> load(ring, backup(), of("shop", null, null, false)))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(CassandraErrors.NOT_EMPTY));
  }

  /// One node of three is away, and each row is on two.
  @Test
  @Order(3)
  void callsNothingAlikeOfWhichNothingWasRead() {
    ring.killOne(ring.nodes().getLast());

    assertThatThrownBy(() -> compare(ring))
        .hasMessageContaining("shop.capsules: not read at QUORUM")
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(CassandraErrors.NOT_COMPARED));
  }

  /// And one that is told nothing in the open, and whose clients do not know the addresses at which
  /// its nodes speak with each other.
  @Test
  @Order(4)
  void bringsAllOfItIntoARingOfAnotherShape() {
    ring.kill();
    try (TestRing other = TestRing.of(2).withTwoNetworks().encrypted()) {
      other.start();

      RingLoad.Loaded loaded = load(other, backup(), everything(false));

      // Each table's bytes to two nodes, and the index and the digest beside it to none.
      assertThat(loaded.sent()).isLessThan(2 * loaded.bytes());
      try (CqlSession session = other.superuser()) {
        assertThat(capsules(session, "shop", ConsistencyLevel.ALL)).isEqualTo(capsules);
        LoadedSchema.assertOthers(session, "shop");
      }
      try (CqlSession session = other.nodes().getLast().session("capsule", "cocoon")) {
        assertThat(session.execute("SELECT value FROM shop.capsules WHERE id = " + ROWS).one())
            .isNotNull();
      }
      assertThat(compare(other).rows()).isEqualTo(ROWS + LoadedSchema.ROWS);
      // As after a crash in the middle: all of it is there, and comes once more.
      RingLoad.Loaded again = loadsAsSomebodyWhoMayNotReadRoles(other);
      assertThat(again.rows()).isEqualTo(loaded.rows());
      loadsWhatSomebodyCopiedByHand(other);
      startsAgainOnWhatWasStreamed(other);
    }
  }

  /// As whoever loads roles is, once those have come in which its own may less.
  private static RingLoad.Loaded loadsAsSomebodyWhoMayNotReadRoles(TestRing other) {
    try (CqlSession session = other.superuser()) {
      session.execute(
          "CREATE ROLE owner WITH PASSWORD = 'o' AND LOGIN = true AND SUPERUSER = true");
    }
    try (CqlSession owner = other.nodes().getFirst().session("owner", "o")) {
      owner.execute("ALTER ROLE cassandra WITH SUPERUSER = false");
      owner.execute("GRANT CREATE ON ALL KEYSPACES TO cassandra");
      owner.execute("GRANT ALL PERMISSIONS ON KEYSPACE shop TO cassandra");
      List<String> notes = new ArrayList<>();
      RingLoad.Loaded loaded = load(other, backup(), everything(true), new HeardNotes(notes));
      assertThat(notes)
          .anySatisfy(note -> assertThat(note).contains("system_auth.roles: not read at QUORUM"));
      owner.execute("ALTER ROLE cassandra WITH SUPERUSER = true");
      return loaded;
    }
  }

  private static RingCompare.Compared compare(TestRing with) {
    try (LoadProcess loader = LoadProcess.start(TestRing.loader(), with.target(), scratch)) {
      return new RingCompare(loader, scratch, CopyProgress.silent())
          .run(backup(), of("shop", null, null, false));
    }
  }

  /// A node reads its files when it starts, and refuses those of a newer version than it is to
  /// write.
  private static void startsAgainOnWhatWasStreamed(TestRing other) {
    other.kill();
    other.start();
    try (CqlSession session = other.superuser()) {
      assertThat(capsules(session, "shop", ConsistencyLevel.ALL)).isEqualTo(capsules);
      LoadedSchema.assertOthers(session, "shop");
    }
  }

  private static void loadsWhatSomebodyCopiedByHand(TestRing other) {
    MemoryBackend bucket = new MemoryBackend();
    CopiedByHand.copy(ring, bucket, "cassandra/2026-11-20");

    RingLoad.Loaded loaded =
        load(
            other,
            PlainTables.of(bucket, "cassandra/2026-11-20/"),
            of("shop", null, "shop_by_hand", false));

    assertThat(loaded.tables()).isGreaterThan(2);
    try (CqlSession session = other.superuser()) {
      // The living table has one row that was overwritten since.
      assertThat(capsules(session, "shop_by_hand", ConsistencyLevel.ALL))
          .hasSameSizeAs(capsules)
          .containsAllEntriesOf(without(capsules, ROWS));
      LoadedSchema.assertOthers(session, "shop_by_hand");
    }
  }

  private static Map<Long, String> without(Map<Long, String> rows, long id) {
    Map<Long, String> others = new TreeMap<>(rows);
    others.remove(id);
    return others;
  }

  private static SnapshotTables backup() {
    return SnapshotTables.of(VAULT, STORE, NODES, 2);
  }

  private static LoadRequest everything(boolean again) {
    return new LoadRequest(
        Optional.empty(), Optional.empty(), Optional.empty(), true, again, Map.of());
  }

  private static LoadRequest of(String keyspace, String table, String into, boolean again) {
    return new LoadRequest(
        Optional.of(keyspace),
        Optional.ofNullable(table),
        Optional.ofNullable(into),
        false,
        again,
        Map.of());
  }

  private static RingLoad.Loaded load(TestRing to, LoadSource source, LoadRequest request) {
    return load(to, source, request, CopyProgress.silent());
  }

  private static RingLoad.Loaded load(
      TestRing to, LoadSource source, LoadRequest request, CopyProgress progress) {
    try (LoadProcess loader = LoadProcess.start(TestRing.loader(), to.target(), scratch)) {
      RingLoad.Loaded loaded = new RingLoad(loader, scratch, progress).run(source, request);
      try (Stream<Path> left = Files.list(scratch)) {
        assertThat(left.map(path -> String.valueOf(path.getFileName())))
            .containsOnly("loader.log", "temporary");
      }
      return loaded;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void write(CqlSession session, long id) {
    session.execute(
        SimpleStatement.newInstance(
                "INSERT INTO shop.capsules (id, value) VALUES (?, ?)", id, "capsule " + id)
            .setConsistencyLevel(ConsistencyLevel.ONE));
  }

  private static Map<Long, String> capsules(
      CqlSession session, String keyspace, ConsistencyLevel level) {
    Map<Long, String> rows = new TreeMap<>();
    for (Row row :
        session.execute(
            SimpleStatement.newInstance("SELECT id, value FROM " + keyspace + ".capsules")
                .setConsistencyLevel(level))) {
      rows.put(row.getLong("id"), String.valueOf(row.getString("value")));
    }
    return rows;
  }
}
