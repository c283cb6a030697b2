package dev.chrysalis.cassandra.agent.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.agent.log.ShipEvent;
import dev.chrysalis.cassandra.agent.log.TestShipper;
import dev.chrysalis.cassandra.archive.NodePoint;
import dev.chrysalis.cassandra.archive.RingInVault;
import dev.chrysalis.cassandra.server.HeardNotes;
import dev.chrysalis.cassandra.server.TestNode;
import dev.chrysalis.cassandra.server.TestRing;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// Tables of a real ring of three nodes are loaded beside the living ones as they were at a moment
/// that only the nodes' logs lead to, which are encrypted. One node missed writes, a table was
/// truncated before the snapshots, another changed after the moment, and all that matters was
/// written after the snapshots.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MomentLoadIT {
  private static final String STORE = "cassandra";
  private static final Duration SYNC = Duration.ofSeconds(6);
  private static final Vault VAULT =
      VaultRepository.create(
          new MemoryBackend(),
          VaultFixture.passphrase(),
          new SecureRandom(),
          Clock.systemUTC(),
          VaultOptions.defaults(),
          100);

  private static TestRing ring;
  private static Instant moment;
  private static Map<Long, String> atTheMoment;
  private static Map<Long, String> newest;
  @TempDir private static Path scratch;

  @BeforeAll
  static void shipsTheLogsOfARingThatSomebodyOverwrites() {
    ring = TestRing.of(3).withEncryptedLogs();
    ring.start();
    try (CqlSession session = ring.superuser()) {
      LoadedSchema.make(session);
      write(session, 0, 100);
      session.execute("TRUNCATE shop.capsules");
      write(session, 100, 200);
    }
    List<TestShipper> shippers = startShippers();
    try {
      TestNode last = ring.nodes().getLast();
      ring.killOne(last);
      try (CqlSession session = ring.superuser()) {
        write(session, 200, 300);
        session.execute("DELETE FROM shop.capsules WHERE id = 100");
      }
      ring.start();
      try (CqlSession session = ring.superuser()) {
        LoadedSchema.writeOthers(session);
        session.execute("CREATE ROLE shopkeeper");
        session.execute("GRANT shopkeeper TO capsule");
        atTheMoment = capsules(session, "shop");
        moment = Instant.now();
        Awaitility.await().until(() -> Instant.now().isAfter(moment.plusMillis(50)));
        for (long id = 101; id < 150; id++) {
          session.execute("UPDATE shop.capsules SET value = 'overwritten' WHERE id = " + id);
        }
        session.execute("DELETE FROM shop.\"Orders\" WHERE day = 'tuesday'");
        session.execute("UPDATE shop.visits SET times = times + 100 WHERE page = 'home'");
        newest = capsules(session, "shop");
        changesATable(session);
      }
      Instant end = Instant.now().plus(SYNC);
      members().forEach(member -> TestShipper.awaitShipped(VAULT, STORE, member, end));
    } finally {
      shippers.forEach(TestShipper::close);
    }
  }

  /// What is written into the new column may be in the log up to the moment, and a sync period
  /// more.
  private static void changesATable(CqlSession session) {
    members().forEach(member -> TestShipper.awaitSchemaSeen(VAULT, STORE, member, moment));
    session.execute("ALTER TABLE shop.nothing ADD more text");
    session.execute("INSERT INTO shop.nothing (id, more) VALUES (1, 'more')");
  }

  private static List<TestShipper> startShippers() {
    List<ShipEvent> events = new CopyOnWriteArrayList<>();
    List<TestShipper> shippers = new ArrayList<>();
    for (MemberId member : members()) {
      TestNode node = ring.nodes().get(member.ordinal());
      shippers.add(new TestShipper(VAULT, STORE, member, node, events::add));
    }
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> events.stream().filter(ShipEvent.BaseTaken.class::isInstance).count() == 3);
    return shippers;
  }

  private static List<MemberId> members() {
    return List.of(new MemberId(STORE, 0), new MemberId(STORE, 1), new MemberId(STORE, 2));
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
  void bringsAllTablesOfAKeyspaceUpAsTheyWereAtAMoment() {
    assertThat(atTheMoment).hasSize(199).doesNotContainKey(100L).containsKey(299L);

    RingLoad.Loaded loaded = load(Optional.of(moment), of(Optional.empty(), "shop_before"));

    assertThat(loaded.rows()).isEqualTo(199 + LoadedSchema.ROWS);
    try (CqlSession session = ring.superuser()) {
      assertThat(capsules(session, "shop_before")).isEqualTo(atTheMoment);
      LoadedSchema.assertOthers(session, "shop_before");
      assertThat(capsules(session, "shop")).isEqualTo(newest);
    }
  }

  @Test
  @Order(1)
  void bringsOneTableUpWithAllThatTheLogsHave() {
    RingLoad.Loaded loaded = load(Optional.empty(), of(Optional.of("capsules"), "shop_newest"));

    assertThat(loaded.rows()).isEqualTo(199);
    try (CqlSession session = ring.superuser()) {
      assertThat(capsules(session, "shop_newest")).isEqualTo(newest);
    }
  }

  @Test
  @Order(1)
  void readsRolesThatTheSnapshotsHaveNothingOf() {
    TableName members = new TableName("system_auth", "role_members");
    TablesAtMoment source = source(Optional.of(moment));
    assertThat(source.tables()).doesNotContainKey(members);

    try (LoadProcess loader = LoadProcess.start(TestRing.loader(), ring.target(), scratch)) {
      LoadRequest request =
          new LoadRequest(
              Optional.empty(), Optional.empty(), Optional.empty(), true, false, Map.of());
      source.prepare(request, loader, new ScratchSpace(scratch), CopyProgress.silent());
    }

    assertThat(source.tables()).containsKey(members);
  }

  /// Under its own name and with its own id.
  @Test
  @Order(2)
  void bringsATableBackThatWasDropped() {
    try (CqlSession session = ring.superuser()) {
      session.execute("DROP TABLE shop.capsules");
    }

    RingLoad.Loaded loaded =
        load(
            Optional.of(moment),
            new LoadRequest(
                Optional.of("shop"),
                Optional.of("capsules"),
                Optional.empty(),
                false,
                false,
                Map.of()));

    assertThat(loaded.rows()).isEqualTo(199);
    ring.kill();
    ring.start();
    try (CqlSession session = ring.superuser()) {
      assertThat(capsules(session, "shop")).isEqualTo(atTheMoment);
    }
  }

  @Test
  @Order(1)
  void findsARingLikeTheNewestThatIsInTheVault() {
    try (LoadProcess loader = LoadProcess.start(TestRing.loader(), ring.target(), scratch)) {
      RingCompare.Compared compared =
          new RingCompare(loader, scratch, CopyProgress.silent())
              .run(
                  source(Optional.empty()),
                  new LoadRequest(
                      Optional.of("shop"),
                      Optional.empty(),
                      Optional.empty(),
                      false,
                      false,
                      Map.of()));

      assertThat(compared.rows()).isEqualTo(199 + LoadedSchema.ROWS - 7 + 1);
    }
  }

  /// Nothing answers that could be asked.
  @Test
  @Order(3)
  void readsAllRowsWithoutARing() {
    ring.kill();
    List<String> notes = new CopyOnWriteArrayList<>();
    RingExamination.Examined examined;

    try (LoadProcess loader =
        LoadProcess.withoutRing(TestRing.loader(), Optional.of(ring.configuration()), scratch)) {
      examined =
          new RingExamination(loader, scratch, new HeardNotes(notes)).run(source(Optional.empty()));
    }

    assertThat(notes).contains("shop.capsules: 199 rows", "system_auth.role_members: 1 rows");
    assertThat(examined.rows()).isGreaterThan(199 + LoadedSchema.ROWS - 7 + 1);
  }

  /// That says nothing of what is in the vault.
  @Test
  @Order(3)
  void isUnableToReadAnEncryptedLogWithoutItsKey() {
    try (LoadProcess loader =
        LoadProcess.withoutRing(TestRing.loader(), Optional.empty(), scratch)) {
      RingExamination examination = new RingExamination(loader, scratch, CopyProgress.silent());
      TablesAtMoment source = source(Optional.empty());

      assertThatThrownBy(() -> examination.run(source))
          .hasMessageContaining("the commit log is encrypted")
          .extracting(e -> ((ChrysalisException) e).code())
          .isEqualTo(CassandraErrors.LOADER_UNABLE);
    }
  }

  /// The bytes are those that were stored; but they are not what they are called.
  @Test
  @Order(4)
  void namesATableThatCassandraCannotRead() {
    ring.kill();
    Map<MemberId, NodePoint> points =
        new RingInVault(VAULT, STORE, SYNC, Clock.systemUTC()).points(Optional.empty());
    NodePoint sound = Objects.requireNonNull(points.get(members().getFirst()));
    SnapshotId mixedUp = withTheWrongFileFor("capsules", sound.snapshot());
    points.put(members().getFirst(), new NodePoint(mixedUp, sound.facts(), Optional.empty()));
    TablesAtMoment source = new TablesAtMoment(VAULT, STORE, points, Optional.empty(), 2);

    try (LoadProcess loader =
        LoadProcess.withoutRing(TestRing.loader(), Optional.of(ring.configuration()), scratch)) {
      RingExamination examination = new RingExamination(loader, scratch, CopyProgress.silent());

      assertThatThrownBy(() -> examination.run(source))
          .hasMessageContaining("shop.capsules")
          .extracting(e -> ((ChrysalisException) e).code())
          .isEqualTo(CassandraErrors.TABLE_UNREADABLE);
    }
  }

  private static SnapshotId withTheWrongFileFor(String table, SnapshotId sound) {
    try (SnapshotReader reader = VAULT.openSnapshot(STORE, sound);
        SnapshotWriter writer = VAULT.beginSnapshot(STORE);
        Stream<FileEntry> entries = reader.entries()) {
      List<FileEntry> all = entries.toList();
      FileEntry other =
          all.stream().filter(e -> e.path().endsWith("-Statistics.db")).findFirst().orElseThrow();
      for (FileEntry e : all) {
        boolean wrong = e.path().contains("/" + table + "-") && e.path().endsWith("-Data.db");
        writer.add(
            !wrong
                ? e
                : new FileEntry(
                    e.path(), e.kind(), e.mode(), other.size(), e.modified(), "", other.chunks()));
      }
      return writer.commit(reader.snapshot().facts()).id();
    }
  }

  private static LoadRequest of(Optional<String> table, String into) {
    return new LoadRequest(Optional.of("shop"), table, Optional.of(into), false, false, Map.of());
  }

  private static RingLoad.Loaded load(Optional<Instant> to, LoadRequest request) {
    try (LoadProcess loader = LoadProcess.start(TestRing.loader(), ring.target(), scratch)) {
      return new RingLoad(loader, scratch, CopyProgress.silent()).run(source(to), request);
    }
  }

  private static TablesAtMoment source(Optional<Instant> to) {
    Map<MemberId, NodePoint> points =
        new RingInVault(VAULT, STORE, SYNC, Clock.systemUTC()).points(to);
    // So little that many small SSTables are made, and merged.
    return new TablesAtMoment(VAULT, STORE, points, to, 2).holding(8 << 10);
  }

  private static void write(CqlSession session, long from, long to) {
    for (long id = from; id < to; id++) {
      session.execute(
          SimpleStatement.newInstance(
                  "INSERT INTO shop.capsules (id, value) VALUES (?, ?)", id, "capsule " + id)
              .setConsistencyLevel(ConsistencyLevel.ONE));
    }
  }

  private static Map<Long, String> capsules(CqlSession session, String keyspace) {
    Map<Long, String> rows = new TreeMap<>();
    for (Row row :
        session.execute(
            SimpleStatement.newInstance("SELECT id, value FROM " + keyspace + ".capsules")
                .setConsistencyLevel(ConsistencyLevel.ALL))) {
      rows.put(row.getLong("id"), String.valueOf(row.getString("value")));
    }
    return rows;
  }
}
