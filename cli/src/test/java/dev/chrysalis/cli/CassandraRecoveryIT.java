package dev.chrysalis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.cassandra.control.RestorePoints;
import dev.chrysalis.cli.drill.Score;
import dev.chrysalis.lab.Disaster;
import dev.chrysalis.lab.Fault;
import dev.chrysalis.lab.ledger.LedgerVerdict;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.process.ProcessPlatform;
import dev.chrysalis.recovery.cassandra.CassandraStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// A real ring of three nodes loses one, then its quorum, then everything, then its values, and
/// comes back; the ledger of the writes that capsule and plato acknowledged says what was lost.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CassandraRecoveryIT {
  private static LabStage stage;
  @TempDir private Path reports;

  @BeforeAll
  static void up() throws IOException {
    stage = LabStage.upWithCassandra();
  }

  @AfterAll
  static void down() throws IOException {
    stage.close();
  }

  @Test
  @Order(1)
  void seesNoTroubleInAStackThatIsWell() {
    stage.awaitService();

    stage.awaitAllWell();
    assertThat(stage.run("restore-points", "--datastore", "cassandra").out()).contains("backup-");
    assertThat(stage.run("status").out()).contains("cassandra: ");
    assertThat(stage.run("check").out()).contains("agent of cassandra-2");
  }

  @Test
  @Order(2)
  void bringsTablesBackBesideTheLivingOnes() {
    LabStage.Result again = stage.run("restore", "--table", "capsule");
    assertThat(again.err()).contains("CHR-10030", "into another keyspace");

    LabStage.Result result =
        stage.run("restore", "--table", "capsule", "--as-keyspace", "capsule_before");

    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(result.out())
        .contains("1 tables of capsule are back in capsule_before, with")
        .contains("and in a backup");
  }

  /// Whatever the agent had done by then.
  @Test
  @Order(2)
  void bringsTablesBackThoughWhoAskedForThemDied() throws IOException {
    stage.start("restore", "--table", "plato", "--as-keyspace", "plato_before").killAt(" as job ");

    Awaitility.await()
        .atMost(Duration.ofMinutes(10))
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(() -> {
          LabStage.Result again =
              stage.run("restore", "--table", "plato", "--as-keyspace", "plato_before", "--again");
          assertThat(again.code()).as(again.out() + again.err()).isZero();
          assertThat(again.out()).contains("are back in plato_before");
        });
  }

  @Test
  @Order(2)
  void provesThatWhatTheVaultHasRestores() {
    LabStage.Result result = stage.run("prove", "--restore", "--datastore", "cassandra");

    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(result.out()).contains("rows read", "It restores: queried");
    assertThat(stage.run("status").out()).containsPattern("(?m)^proof +cassandra: restored .* ago");
    assertThat(stage.run("prove", "--datastore", "cassandra").code()).isZero();
    assertThat(stage.run("restore-points", "--datastore", "cassandra").out())
        .as("of all nodes, and of the ring")
        .containsPattern("verified \\S+, queried ");
  }

  @Test
  @Order(2)
  void restartsANodeThatHangsAlsoOnceTheOthersMissIt() {
    Disaster _ = stage.lab().breakIt(Fault.CASSANDRA_NODE_DOWN);
    Awaitility.await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> stage.run("assess", "-o", "json").out().contains("downtime.0"));

    assertThat(stage.run("assess").out()).contains("node-down");
    LabStage.Result result = stage.run("recover", "node-down", "--approve");

    assertThat(result.code()).as(result.out() + result.err()).isZero();
    stage.awaitAllWell();
  }

  /// What was written meanwhile nobody keeps for it, and it looks well.
  @Test
  @Order(2)
  void repairsANodeThatCameBackByItselfTooLate() throws IOException {
    try (Site site = stage.site()) {
      RingOfLab ring = new RingOfLab((ProcessPlatform) site.platform(), stage.lab().layout());
      ring.keepHintsFor(Duration.ofSeconds(1));
      Disaster disaster = stage.lab().breakIt(Fault.CASSANDRA_NODE_DOWN);
      Awaitility.await()
          .atMost(Duration.ofMinutes(4))
          .pollInterval(Duration.ofSeconds(3))
          .until(() -> secondsDown(stage.run("assess", "-o", "json").out()) > 70);
      ring.wake(disaster.members());
      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(() ->
              assertThat(stage.run("assess").out()).contains("node-unrepaired", "cassandra-2"));

      LabStage.Result result = stage.run("recover", "node-unrepaired", "--approve");

      assertThat(result.code()).as(result.out() + result.err()).isZero();
      ring.keepHintsFor(Duration.ofHours(3));
    }
    stage.awaitAllWell();
  }

  /// For how long the others have not heard a node.
  private static int secondsDown(String assessment) {
    Matcher m = Pattern.compile("downtime\\.0\" *: *\"\\S+ ([0-9]+)").matcher(assessment);
    return m.find() ? Integer.parseInt(m.group(1)) : 0;
  }

  /// Its pod came back at once, with an empty volume and the same address: the ring refuses it.
  @Test
  @Order(3)
  void replacesANodeThatCameBackEmpty() {
    Score score = play(Fault.CASSANDRA_NODE_LOST);

    assertThat(score.scenario()).isEqualTo("node-lost");
    assertThat(score.lost()).isZero();
  }

  @Test
  @Order(4)
  void bringsALostNodeBackAsItWasWhereTheOthersHaveNoQuorum() {
    String before = hostId();
    Score score = play(Fault.CASSANDRA_QUORUM_LOST);

    assertThat(score.scenario()).isEqualTo("quorum-lost");
    assertThat(score.lost()).isZero();
    assertThat(hostId()).as("it is the node that it was").isEqualTo(before);
  }

  @Test
  @Order(5)
  void takesADamagedTableOutOfANodeAndFillsTheGap() throws IOException {
    stage.awaitService();
    assertThat(stage.run("backup", "cassandra").code()).isZero();
    // A compaction may have read the SSTable before, and remove it.
    Awaitility.await()
        .atMost(Duration.ofMinutes(5))
        .ignoreExceptionsInstanceOf(IOException.class)
        .ignoreExceptionsInstanceOf(UncheckedIOException.class)
        .untilAsserted(() -> {
          flipAByte(stage.lab().layout().volume("cassandra-1").resolve("data/capsule"));
          assertThat(stage.run("backup", "cassandra").code()).isZero();
          assertThat(stage.run("assess").out()).contains("tables-damaged", "cassandra-1");
        });

    LabStage.Result result = stage.run("recover", "tables-damaged", "--approve");

    assertThat(result.code()).as(result.out() + result.err()).isZero();
    stage.awaitAllWell();
  }

  /// In the middle of the largest SSTable.
  private static void flipAByte(Path keyspace) throws IOException {
    Path data;
    try (Stream<Path> files = Files.walk(keyspace)) {
      data =
          files
              .filter(file -> file.toString().matches(".*-[0-9a-f]{32}/[^/]*-Data\\.db"))
              .max(Comparator.comparingLong(file -> file.toFile().length()))
              .orElseThrow();
    }
    try (FileChannel channel =
        FileChannel.open(data, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, channel.size() / 2);
      one.put(0, (byte) (one.get(0) ^ 1));
      channel.write(one.rewind(), channel.size() / 2);
    }
  }

  /// Every pod came back at once, with an empty volume: a ring that looks well, and is another one.
  @Test
  @Order(6)
  void bringsBackWhatARingHadThatCameUpEmptyThoughItsControllerDiesThreeTimes() throws IOException {
    stage.awaitService();
    assertThat(stage.run("backup", "cassandra").code()).isZero();
    Instant begun = Instant.now();
    Instant held = heldAfter(begun.plusSeconds(2));
    Disaster disaster = stage.lab().breakIt(Fault.CASSANDRA_EMPTIED);
    awaitStoreLost();

    LabStage.Controller controller =
        stage.start("recover", "store-lost", "--datastore", "cassandra", "--approve");
    for (String step : List.of("restore-cassandra-1", "start-ring", "accept")) {
      controller.killAt(" of 1 h  %-20s  ".formatted(step));
      controller = stage.start("resume", "--approve");
    }

    assertThat(controller.awaitEnd()).as(controller.text()).isZero();
    assertThat(stage.run("report", run(controller.text())).out())
        .as("all rows were compared, those of roles, too, and are alike")
        .containsPattern("Compare all rows.*\\{rows=[1-9][0-9]*, tables=[4-9]");
    stage.awaitService();
    LedgerVerdict verdict = stage.readBack(disaster.at());
    assertThat(verdict.lost())
        .as("acknowledged, in the vault, and lost")
        .map(LedgerVerdict.LostWrite::acknowledgedAt)
        .noneMatch(at -> at.isAfter(begun) && at.isBefore(held));
    stage.awaitAllWell();
  }

  /// Up to the end of its log there is what it had, and of later writes what the others have.
  @Test
  @Order(7)
  void takesWrongValuesBackToAMomentAtWhichANodeWasAway() throws IOException {
    stage.awaitService();
    MemberId away = new MemberId("cassandra", 2);
    try (Site site = stage.site()) {
      new RingOfLab((ProcessPlatform) site.platform(), stage.lab().layout()).halt(away);
    }
    // Until then its log is waited for.
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> logOf(away).isBefore(Instant.now().minusSeconds(70)));
    assertThat(stage.run("assess").out()).contains("not every node ships its log");

    Score score = play(Fault.CASSANDRA_DATA_CORRUPTED);

    assertThat(score.lost()).isZero();
    assertThat(score.discardedByTarget()).isPositive();
    assertThat(score.survivedPastTarget()).isZero();
    assertThat(Files.readString(Path.of(score.report()))).contains("cassandra-2 up to");
    stage.awaitAllWell();
  }

  private static Instant logOf(MemberId node) {
    return points(all -> all.recoveryPoint(node)).orElseThrow();
  }

  @Test
  @Order(8)
  void refusesAMomentThatTheVaultDoesNotReach() {
    LabStage.Result result =
        stage.run(
            "plan", "data-corrupted", "--datastore", "cassandra", "--to", "2020-01-01T00:00:00Z");

    assertThat(result.code()).isNotZero();
    assertThat(result.err()).contains("CHR-10010", "of before 2020-01-01T00:00:00Z");
  }

  private static String run(String told) {
    Matcher m = Pattern.compile("chrysalis report ([0-9a-z-]+)").matcher(told);
    assertThat(m.find()).as(told).isTrue();
    return m.group(1);
  }

  private Score play(Fault fault) {
    stage.awaitService();
    try (Site site = stage.site()) {
      Score score = stage.drill(reports).play(site, fault);
      assertThat(score.verified()).as(score.toString()).isTrue();
      return score;
    }
  }

  /// Of the node that the lab breaks first.
  private static String hostId() {
    return points(all -> all.hostId(new MemberId("cassandra", 2))).orElseThrow();
  }

  private static <T> Optional<T> points(Function<RestorePoints, Optional<T>> asked) {
    try (Site site = stage.site()) {
      return asked.apply(((CassandraStore) site.recovery().store("cassandra")).points());
    }
  }

  /// The newest moment that the vault holds, once that is after another one.
  private static Instant heldAfter(Instant moment) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> points(RestorePoints::recoveryPoint).orElse(Instant.MIN), moment::isBefore);
  }

  private static void awaitStoreLost() {
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> stage.run("assess").out().contains("store-lost"));
  }
}
