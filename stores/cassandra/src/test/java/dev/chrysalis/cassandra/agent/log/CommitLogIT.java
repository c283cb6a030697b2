package dev.chrysalis.cassandra.agent.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.agent.files.NodeRestore;
import dev.chrysalis.cassandra.agent.files.ReplaySettings;
import dev.chrysalis.cassandra.archive.NodePoint;
import dev.chrysalis.cassandra.archive.RingInVault;
import dev.chrysalis.cassandra.server.TestNode;
import dev.chrysalis.cassandra.server.TestRing;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultFixture;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// A real node, whose commit log is shipped while it is flushed, killed and restarted, loses its
/// volume and comes back with all that was synced, or as it was at a moment. One node serves all
/// tests, in their order.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CommitLogIT {
  private static final String STORE = "cassandra";
  private static final MemberId MEMBER = new MemberId("cassandra", 0);

  /// The fixture's `commitlog_sync_period` is one second.
  private static final Duration SYNC = Duration.ofSeconds(3);

  private static final Vault VAULT =
      VaultRepository.create(
          new MemoryBackend(),
          VaultFixture.passphrase(),
          new SecureRandom(),
          Clock.systemUTC(),
          VaultOptions.defaults(),
          100);

  /// What was acknowledged that long ago is in the vault: ten seconds, and the server's period.
  private static final Duration IN_VAULT = Duration.ofSeconds(10 + 1);

  private static final List<ShipEvent> EVENTS = new CopyOnWriteArrayList<>();
  private static TestRing ring;
  private static TestNode node;
  private static int written;

  @BeforeAll
  static void startsANode() {
    ring = TestRing.of(1);
    ring.start();
    node = ring.nodes().getFirst();
    try (CqlSession session = ring.superuser()) {
      session.execute(
          "CREATE KEYSPACE butterfly WITH replication = {'class': 'NetworkTopologyStrategy', 'dc1':"
              + " 1}");
      session.execute("CREATE TABLE butterfly.claims (id bigint PRIMARY KEY, value text)");
      session.execute("CREATE TABLE butterfly.steady (id bigint PRIMARY KEY)");
    }
    write(100);
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
  void everyWriteThatWasSyncedComesBackOverFlushesAKilledNodeAndKilledShippers() {
    try (TestShipper _ = shipping()) {
      await(ShipEvent.BaseTaken.class, 1);
      write(3000);
      flush();
      write(3000);
    }
    write(500);
    try (TestShipper _ = shipping()) {
      write(500);
      node.kill();
      ring.start();
      write(2000);
      flush();
      write(300);
      awaitShipped(Instant.now().plus(SYNC));
    }
    assertThat(EVENTS).noneMatch(ShipEvent.LogEnded.class::isInstance);

    node.kill();
    node.loseVolume();
    restore("latest", Optional.empty());
    ring.start();

    assertThat(read()).containsExactlyElementsOf(upTo(written));
  }

  /// Clients write on, and from one moment to the next the vault is all that there is.
  @Test
  @Order(2)
  void hasInTheVaultWhatWasAcknowledgedSomeSecondsBefore() {
    NodePoint point;
    List<Long> old;
    try (TestShipper _ = shipping();
        CqlSession session = ring.superuser();
        SteadyWrites load = SteadyWrites.into("butterfly.steady", session)) {
      await(ShipEvent.BaseTaken.class, bases() + 1);
      Instant based = Instant.now();
      // Behind the base there is nothing but the log.
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> load.before(Instant.now().minus(IN_VAULT)) > load.before(based) + 100);
      point = point(Optional.empty());
      old = upTo(load.before(Instant.now().minus(IN_VAULT)));
    }
    node.kill();
    node.loseVolume();
    restore("steady", point, Optional.empty());
    ring.start();

    assertThat(read("butterfly.steady")).containsAll(old);
  }

  @Test
  @Order(3)
  void comesBackAsItWasAtAMoment() {
    int before;
    Instant moment;
    try (TestShipper _ = shipping()) {
      // The restored node is another process with another log.
      await(ShipEvent.BaseTaken.class, bases() + 1);
      write(1000);
      before = written;
      moment = Instant.now();
      Awaitility.await().until(() -> Instant.now().isAfter(moment.plusMillis(50)));
      write(1000);
      awaitShipped(Instant.now().plus(SYNC));
    }
    node.kill();
    node.loseVolume();
    restore("moment", Optional.of(moment));
    ring.start();
    ReplaySettings.remove(node.conf());

    assertThat(read()).containsExactlyElementsOf(upTo(before));
  }

  @Test
  @Order(4)
  void beginsAnewWhereSegmentsCameAndWentUnseen() {
    write(20_000);
    flush();
    long ended = EVENTS.stream().filter(ShipEvent.LogEnded.class::isInstance).count();
    try (TestShipper _ = shipping()) {
      await(ShipEvent.BaseTaken.class, bases() + 1);
      assertThat(EVENTS.stream().filter(ShipEvent.LogEnded.class::isInstance).count())
          .isGreaterThan(ended);
      write(10);
      awaitShipped(Instant.now().plus(SYNC));
    }
    node.kill();
    node.loseVolume();
    restore("anew", Optional.empty());
    ring.start();

    assertThat(read()).contains((long) written - 1, (long) written - 10).hasSizeGreaterThan(20_000);
  }

  /// The server passes over rows of tables that it does not know when it reads its log: each change
  /// of them gets a base of its own.
  @Test
  @Order(5)
  void bringsRowsOfATableBackThatWasMadeSinceTheBase() {
    try (TestShipper _ = shipping()) {
      await(ShipEvent.BaseTaken.class, bases() + 1);
      long bases = bases();
      try (CqlSession session = ring.superuser()) {
        session.execute("CREATE TABLE butterfly.later (id bigint PRIMARY KEY)");
        session.execute("INSERT INTO butterfly.later (id) VALUES (1)");
        await(ShipEvent.BaseTaken.class, bases + 1);
        session.execute("INSERT INTO butterfly.later (id) VALUES (2)");
      }
      awaitShipped(Instant.now().plus(SYNC));
    }
    node.kill();
    node.loseVolume();
    restore("later", Optional.empty());
    ring.start();

    try (CqlSession session = ring.superuser()) {
      assertThat(session.execute("SELECT id FROM butterfly.later").all())
          .map(row -> row.getLong("id"))
          .containsExactlyInAnyOrder(1L, 2L);
    }
  }

  @Test
  @Order(6)
  void refusesAMomentBehindATruncateOrADropUntilThereIsABaseOfIt() {
    try (TestShipper _ = shipping()) {
      await(ShipEvent.BaseTaken.class, bases() + 1);
      for (String change : List.of("TRUNCATE butterfly.claims", "DROP TABLE butterfly.later")) {
        awaitShipped(Instant.now().plus(SYNC));
        Instant before = Instant.now();
        long bases = bases();
        Awaitility.await().until(() -> Instant.now().isAfter(before.plusSeconds(3)));
        Instant changing = Instant.now();
        try (CqlSession session = ring.superuser()) {
          session.execute(change);
        }
        await(ShipEvent.BaseTaken.class, bases + 1);
        Instant after = Instant.now();
        awaitShipped(after.plus(SYNC).plus(SYNC));

        assertThat(at(before).facts().taken()).as(change).isBefore(before);
        // The base may be taken while the client still waits for its answer.
        Instant based = at(after).facts().taken();
        assertThat(based).as(change).isAfter(changing);
        assertThatThrownBy(() -> at(based.minusMillis(1)))
            .as(change)
            .isInstanceOfSatisfying(
                ChrysalisException.class,
                e -> assertThat(e.code()).isEqualTo(CassandraErrors.TABLES_CHANGED));
      }
    }
  }

  /// The base that follows a change may take long, and the disaster comes before it is there.
  @Test
  @Order(7)
  void startsOnALogWithWritesIntoAColumnThatTheBaseDoesNotKnow() {
    int before = written;
    try (TestShipper _ = new TestShipper(VAULT, STORE, MEMBER, node, EVENTS::add, () -> false)) {
      try (CqlSession session = ring.superuser()) {
        session.execute("ALTER TABLE butterfly.claims ADD more text");
        session.execute("INSERT INTO butterfly.claims (id, more) VALUES (-1, 'more')");
      }
      write(50);
      awaitShipped(Instant.now().plus(SYNC));
    }
    node.kill();
    node.loseVolume();
    restore("over-change", Optional.empty());
    ring.start();
    ReplaySettings.remove(node.conf());

    assertThat(read()).contains((long) before, (long) written - 1).doesNotContain(-1L);
  }

  @Test
  @Order(8)
  void bringsBackWhatIsInACompressedLog() throws IOException {
    node.kill();
    ring.compressLogs();

    bringsBackWhatIsInItsLog("compressed", "compressionClass");
  }

  /// Where a log is encrypted it is not compressed by its setting, but always.
  @Test
  @Order(9)
  void bringsBackWhatIsInAnEncryptedLog() {
    node.kill();
    ring.withEncryptedLogs();

    bringsBackWhatIsInItsLog("encrypted", "encCipher");
  }

  /// @param parameter what heads of such segments have
  private static void bringsBackWhatIsInItsLog(String job, String parameter) {
    ring.start();
    int before = written;
    try (TestShipper _ = shipping()) {
      await(ShipEvent.BaseTaken.class, bases() + 1);
      write(20_000);
      awaitShipped(Instant.now().plus(SYNC));
    }
    assertThat(heads()).as("so the server wrote it").allMatch(head -> head.contains(parameter));
    node.kill();
    node.loseVolume();
    restore(job, Optional.empty());
    ring.start();

    assertThat(read()).containsAll(upTo(written).subList(before, written));
  }

  private static NodePoint at(Instant moment) {
    return point(Optional.of(moment));
  }

  private static NodePoint point(Optional<Instant> moment) {
    return new RingInVault(VAULT, STORE, SYNC, Clock.systemUTC()).point(MEMBER, moment);
  }

  private static long bases() {
    return EVENTS.stream().filter(ShipEvent.BaseTaken.class::isInstance).count();
  }

  private static TestShipper shipping() {
    return new TestShipper(VAULT, STORE, MEMBER, node, EVENTS::add);
  }

  private static void restore(String job, Optional<Instant> moment) {
    restore(job, point(moment), moment);
  }

  private static void restore(String job, NodePoint point, Optional<Instant> moment) {
    assertThat(point.log()).isPresent();
    var _ =
        new NodeRestore(VAULT, CopyProgress.silent(), 2)
            .run(
                new NodeRestore.Request(
                    new JobId(job),
                    STORE,
                    point.snapshot(),
                    point.log(),
                    Optional.of(
                        new ReplaySettings(node.conf(), moment, point.leadsOverChange(VAULT))),
                    node.folders(),
                    node.node()));
  }

  private static void write(int rows) {
    try (CqlSession session = ring.superuser()) {
      var insert = session.prepare("INSERT INTO butterfly.claims (id, value) VALUES (?, ?)");
      for (int i = 0; i < rows; i++) {
        long id = written++;
        session.execute(insert.bind(id, "claim " + id + " " + "x".repeat(400)));
      }
    }
  }

  /// By the server's own snapshot.
  private static void flush() {
    Snapshot _ =
        TestShipper.backUp(VAULT, STORE, MEMBER, node, "flush-" + written, Optional.empty());
  }

  private static List<Long> read() {
    return read("butterfly.claims");
  }

  private static List<Long> read(String table) {
    TreeSet<Long> ids = new TreeSet<>();
    try (CqlSession session = ring.superuser()) {
      for (Row row : session.execute("SELECT id FROM " + table)) {
        ids.add(row.getLong("id"));
      }
    }
    return List.copyOf(ids);
  }

  private static List<Long> upTo(int rows) {
    TreeSet<Long> ids = new TreeSet<>();
    for (long i = 0; i < rows; i++) {
      ids.add(i);
    }
    return List.copyOf(ids);
  }

  /// Of the segments that are there.
  private static List<String> heads() {
    try (Stream<Path> files = Files.list(node.folders().commitLog())) {
      List<String> heads = new ArrayList<>();
      for (Path file : files.filter(f -> f.toString().endsWith(".log")).toList()) {
        try (InputStream in = Files.newInputStream(file)) {
          heads.add(new String(in.readNBytes(200), StandardCharsets.ISO_8859_1));
        }
      }
      return heads;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(Class<? extends ShipEvent> type, long count) {
    Awaitility.await(type.getSimpleName() + " of " + count)
        .atMost(Duration.ofSeconds(60))
        .until(() -> EVENTS.stream().filter(type::isInstance).count() >= count);
  }

  private static void awaitShipped(Instant moment) {
    TestShipper.awaitShipped(VAULT, STORE, MEMBER, moment);
  }
}
