package dev.chrysalis.cassandra.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.agent.server.HintsWatch;
import dev.chrysalis.cassandra.agent.server.NodeRepair;
import dev.chrysalis.cassandra.agent.server.NodeSession;
import dev.chrysalis.cassandra.agent.server.NodeStatus;
import dev.chrysalis.cassandra.agent.server.RepairNotes;
import dev.chrysalis.cassandra.archive.RingInVault;
import dev.chrysalis.cassandra.control.RestorePoints;
import dev.chrysalis.cassandra.server.HeardNotes;
import dev.chrysalis.cassandra.server.TestNode;
import dev.chrysalis.cassandra.server.TestRing;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.backend.MemoryBackend;
import dev.chrysalis.vault.backend.Pause;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// A real ring of three nodes loses everything and comes back. One ring serves all tests, in their
/// order: three servers take half a minute to start.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RingRestoreIT {
  private static final String STORE = "cassandra";
  private static final int ROWS = 3000;

  private static final Vault VAULT = VaultFixture.create(new MemoryBackend());
  private static TestRing ring;
  private static Map<String, List<String>> tokensByHost;

  @BeforeAll
  static void startsARingWithRows() {
    ring = TestRing.of(3);
    ring.start();
    try (CqlSession session = ring.superuser()) {
      session.execute(
          "CREATE KEYSPACE butterfly WITH replication = {'class': 'NetworkTopologyStrategy', 'dc1':"
              + " 3}");
      session.execute("CREATE TABLE butterfly.capsules (id bigint PRIMARY KEY, value text)");
      session.execute("CREATE INDEX by_value ON butterfly.capsules (value)");
      session.execute("CREATE ROLE capsule WITH PASSWORD = 'cocoon' AND LOGIN = true");
      session.execute("GRANT SELECT ON butterfly.capsules TO capsule");
      for (int i = 0; i < ROWS; i++) {
        write(session, i, value(i));
      }
    }
    tokensByHost = tokens();
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
  void leavesNothingOnTheNodesAndIsWhole() {
    backUp("first");

    RestorePoints.Point backup = points().all().getFirst();
    assertThat(backup.backup()).isEqualTo("first");
    assertThat(backup.nodes()).isEqualTo(3);
    assertThat(VAULT.snapshots(STORE))
        .allSatisfy(snapshot -> assertThat(snapshot.facts()).containsEntry("damaged", "0"));
    for (TestNode node : ring.nodes()) {
      Map<String, String> status = status(node);
      assertThat(status)
          .containsEntry("server", "up")
          .containsEntry("mode", "NORMAL")
          .containsEntry("clients", "yes")
          .containsEntry("data", "present");
      try (NodeSession session = node.connection().open()) {
        assertThat(session.snapshots()).isEmpty();
      }
      assertThat(status.keySet()).contains("ring.2", "schema").doesNotContain("ring.3");
    }
  }

  private static Map<String, String> status(TestNode node) {
    return NodeStatus.read(node.connection(), node.folders(), false);
  }

  @Test
  @Order(2)
  void anUnchangedTableCostsNothingAgain() {
    List<Snapshot> second = backUp("second");

    long all = second.stream().mapToLong(Snapshot::bytes).sum();
    long fresh = second.stream().mapToLong(Snapshot::newBytes).sum();
    assertThat(fresh).as("of %d bytes", all).isLessThan(all / 4);
  }

  @Test
  @Order(3)
  void clearsWhatAKilledBackupLeftOnTheNode() throws IOException {
    TestNode node = ring.nodes().getFirst();
    try (NodeSession session = node.connection().open()) {
      Path data = node.folders().data().getFirst();
      SnapshotTag killed = SnapshotTag.of("killed-just-now", Instant.now());
      SnapshotTag running = SnapshotTag.of("runs-still", Instant.now());
      for (Object tag : List.of("chrysalis-1-dead", "of-somebody-else", killed, running)) {
        session.takeSnapshot(tag.toString(), Map.of(), Duration.ofMinutes(1));
      }
      Path _ = Files.writeString(data.resolve(killed + ".lock"), "");
      try (SnapshotHold _ = SnapshotHold.take(data, running)) {
        backUp("third");
      }
      assertThat(session.snapshots())
          .containsExactlyInAnyOrder("of-somebody-else", running.toString());
      session.clearSnapshot("of-somebody-else", Duration.ofMinutes(1));
      session.clearSnapshot(running.toString(), Duration.ofMinutes(1));
    }
  }

  @Test
  @Order(4)
  void refusesToRestoreOverARunningNode() {
    TestNode node = ring.nodes().getFirst();
    assertThatThrownBy(() -> restore(0, "over"))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(CassandraErrors.NODE_RUNNING));
    assertThat(node.isRunning()).isTrue();
  }

  @Test
  @Order(5)
  void bringsARingBackThatLostAllItsVolumes() throws Exception {
    try (CqlSession session = ring.superuser()) {
      write(session, ROWS, "after the backup");
    }
    ring.kill();
    TestNode last = ring.nodes().getLast();
    Map<String, String> killed = NodeStatus.read(last.connection(), last.folders(), false);
    assertThat(killed).containsEntry("server", "down").containsEntry("data", "present");
    assertThat(Instant.ofEpochSecond(Long.parseLong(killed.getOrDefault("log.written", "0"))))
        .isBetween(Instant.now().minus(Duration.ofHours(1)), Instant.now());
    ring.nodes().forEach(TestNode::loseVolume);
    assertThat(NodeStatus.read(last.connection(), last.folders(), false))
        .containsEntry("data", "missing");

    sideBySide(i -> restore(i, "all-lost"));
    ring.start();

    assertThat(tokens()).isEqualTo(tokensByHost);
    try (CqlSession session = ring.nodes().getLast().session("cassandra", "cassandra")) {
      assertThat(read(session)).isEqualTo(expected());
      assertThat(
              session.execute("SELECT id FROM butterfly.capsules WHERE value = '" + value(7) + "'"))
          .extracting(row -> row.getLong("id"))
          .containsExactly(7L);
      write(session, ROWS + 1, "after the restore");
    }
    try (CqlSession session = ring.nodes().getLast().session("capsule", "cocoon")) {
      assertThat(session.execute("SELECT value FROM butterfly.capsules WHERE id = 1").one())
          .extracting(row -> row.getString("value"))
          .isEqualTo(value(1));
    }
  }

  @Test
  @Order(6)
  void countsADamagedTableAndKeepsTheRest() throws IOException {
    backUp("before-damage");
    TestNode node = ring.nodes().getFirst();
    flipAByte(node);

    List<String> notes = new ArrayList<>();
    Snapshot snapshot = backUp(node, 0, "damaged", notes);

    assertThat(snapshot.facts()).containsEntry("damaged", "1");
    assertThat(notes).anySatisfy(note -> assertThat(note).contains("butterfly/capsules-"));
    assertThat(points().damaged()).containsExactly(new MemberId("cassandra", 0));
    takesTheDamagedTableOutAndFillsTheGap(node);
  }

  private static void takesTheDamagedTableOutAndFillsTheGap(TestNode node) {
    DamagedAside aside =
        new DamagedAside(
            node.node(), node.folders(), CopyProgress.silent(), InstantSource.system());
    assertThatThrownBy(aside::run)
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(CassandraErrors.NODE_RUNNING));
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    TestNode other = ring.nodes().get(1);
    HintsWatch watch =
        new HintsWatch(
            other.connection(),
            new RepairNotes(other.folders().data().getFirst()),
            now::get,
            _ -> {});
    ring.killOne(node);
    watch.look();
    now.updateAndGet(at -> at.plus(Duration.ofHours(4)));

    assertThat(aside.run().tables())
        .singleElement()
        .satisfies(table -> assertThat(table).contains("butterfly/capsules-"));
    assertThat(aside.run().tables()).isEmpty();

    ring.start();
    watch.look();
    assertThat(status(other).get("unhinted.0"))
        .as("it came back after longer than hints are kept")
        .startsWith(status(node).get("hostId") + " ");
    List<String> _ =
        new NodeRepair(node.connection(), CopyProgress.silent(), Pause.parking()).run();
    IndexRebuild indexes =
        new IndexRebuild(node.connection(), node.folders(), CopyProgress.silent());
    assertThat(indexes.run()).containsExactly("butterfly.capsules");
    assertThat(indexes.run()).isEmpty();
    try (CqlSession session = node.session("cassandra", "cassandra")) {
      assertThat(read(session)).containsAllEntriesOf(expected());
      assertThat(
              session.execute("SELECT id FROM butterfly.capsules WHERE value = '" + value(7) + "'"))
          .extracting(row -> row.getLong("id"))
          .containsExactly(7L);
    }
    Snapshot _ = backUp(node, 0, "mended", new ArrayList<>());
    assertThat(points().damaged()).isEmpty();
  }

  private static RingInVault points() {
    return new RingInVault(VAULT, STORE, Duration.ZERO, InstantSource.system());
  }

  @Test
  @Order(7)
  void noServerStartsOnAHalfRestoredVolume() throws IOException {
    TestNode node = ring.nodes().getLast();
    node.kill();
    node.loseVolume();
    Path data = node.folders().data().getFirst();
    StartGuard guard = new StartGuard(data);
    guard.lay(PrivateFiles.likeNearest(data));

    node.launch();
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> isRefused(node));

    assertThat(node.log()).contains("chrysalis_restore_is_not_done");
    guard.lift();
  }

  /// Ended, or ending: a server that gives up waits for its other threads.
  private static boolean isRefused(TestNode node) {
    return !node.isRunning() || node.newestLog().contains("Detected unreadable sstables");
  }

  private static void write(CqlSession session, long id, String value) {
    session.execute(
        SimpleStatement.newInstance(
                "INSERT INTO butterfly.capsules (id, value) VALUES (?, ?)", id, value)
            .setConsistencyLevel(ConsistencyLevel.QUORUM));
  }

  private static String value(long id) {
    return "capsule " + id + " " + "x".repeat((int) (id % 200));
  }

  private static Map<Long, String> read(CqlSession session) {
    Map<Long, String> rows = new TreeMap<>();
    for (Row row :
        session.execute(
            SimpleStatement.newInstance("SELECT id, value FROM butterfly.capsules")
                .setConsistencyLevel(ConsistencyLevel.QUORUM))) {
      rows.put(row.getLong("id"), String.valueOf(row.getString("value")));
    }
    return rows;
  }

  private static Map<Long, String> expected() {
    Map<Long, String> rows = new TreeMap<>();
    for (long i = 0; i < ROWS; i++) {
      rows.put(i, value(i));
    }
    return rows;
  }

  private static Map<String, List<String>> tokens() {
    Map<String, List<String>> tokens = new TreeMap<>();
    for (TestNode node : ring.nodes()) {
      try (NodeSession session = node.connection().open()) {
        tokens.put(session.hostId(), session.tokens().stream().sorted().toList());
      }
    }
    return tokens;
  }

  private static List<Snapshot> backUp(String backup) {
    return sideBySide(i -> backUp(ring.nodes().get(i), i, backup, new ArrayList<>()));
  }

  private static Snapshot backUp(TestNode node, int ordinal, String backup, List<String> notes) {
    return new NodeBackup(node.connection(), VAULT, new HeardNotes(notes), Clock.systemUTC(), 2)
        .run(
            new NodeBackup.Request(
                STORE,
                new MemberId("cassandra", ordinal),
                backup,
                node.folders(),
                Optional.empty()));
  }

  private static NodeRestore.Restored restore(int ordinal, String job) {
    TestNode node = ring.nodes().get(ordinal);
    RestorePoints.Part part =
        Objects.requireNonNull(
            new RingInVault(VAULT, STORE, Duration.ZERO, InstantSource.system())
                .choose(Optional.empty())
                .parts()
                .get(new MemberId("cassandra", ordinal)));
    return new NodeRestore(VAULT, CopyProgress.silent(), 2)
        .run(
            new NodeRestore.Request(
                new JobId(job),
                STORE,
                new SnapshotId(part.snapshot()),
                Optional.empty(),
                Optional.empty(),
                node.folders(),
                node.node()));
  }

  private interface OfNode<T> {
    T of(int ordinal);
  }

  private static <T> List<T> sideBySide(OfNode<T> work) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> all = new ArrayList<>();
      for (int i = 0; i < ring.nodes().size(); i++) {
        int ordinal = i;
        all.add(threads.submit(() -> work.of(ordinal)));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> each : all) {
        results.add(each.get());
      }
      return results;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void flipAByte(TestNode node) throws IOException {
    try (Stream<Path> files = Files.walk(node.folders().data().getFirst().resolve("butterfly"))) {
      Path data =
          files
              .filter(f -> f.toString().matches(".*/capsules-[0-9a-f]{32}/[^/]*-Data\\.db"))
              .max(Path::compareTo)
              .orElseThrow();
      try (FileChannel channel =
          FileChannel.open(data, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        ByteBuffer one = ByteBuffer.allocate(1);
        channel.read(one, channel.size() / 2);
        one.put(0, (byte) (one.get(0) ^ 1));
        channel.write(one.rewind(), channel.size() / 2);
      }
    }
  }
}
