package dev.chrysalis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.cli.drill.Score;
import dev.chrysalis.lab.Disaster;
import dev.chrysalis.lab.Fault;
import dev.chrysalis.lab.ledger.LedgerVerdict;
import dev.chrysalis.recovery.redis.RedisStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// A real Redis with Sentinels loses a master, then everything, then its values, and comes back;
/// the ledger of odyssey's acknowledged writes says what was lost.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RedisRecoveryIT {
  private static LabStage stage;
  @TempDir private Path reports;

  @BeforeAll
  static void up() throws IOException {
    stage = LabStage.upWithRedis();
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
    assertThat(stage.run("restore-points", "--datastore", "redis").out()).contains("redis-");
    LabStage.Result status = stage.run("status");
    assertThat(status.out()).contains("redis: ", "postgres: ");
  }

  @Test
  @Order(2)
  void followsAFailoverAndLosesNothingThatWasAcknowledged() {
    Score score = play(Fault.REDIS_MASTER_DOWN);

    assertThat(score.lost()).isZero();
  }

  @Test
  @Order(3)
  void makesSentinelsForgetThoseThatAreGone() {
    Score score = play(Fault.REDIS_QUORUM_LOST);

    assertThat(score.scenario()).isEqualTo("quorum-lost");
    assertThat(score.lost()).isZero();
  }

  /// Each of the two plans is its own; the checklist wants both well.
  @Test
  @Order(4)
  void bringsBothDatastoresBackByOneRun() throws IOException {
    stage.awaitService();
    Disaster _ = stage.lab().breakIt(Fault.PRIMARY_LOST);
    Disaster _ = stage.lab().breakIt(Fault.REDIS_STORE_LOST);
    awaitStoreLost();

    LabStage.Result result = stage.run("recover", "--approve", "--no-proof");

    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(result.out()).contains("Restore redis from the vault", "Fence [postgres-");
    stage.awaitService();
    stage.awaitAllWell();
  }

  @Test
  @Order(5)
  void bringsALostStoreBackBeforeAnEmptyNodeLeads() {
    Score score = play(Fault.REDIS_STORE_LOST);

    assertThat(score.dataLossSeconds()).isLessThan(10);
  }

  /// The platform is faster than the Sentinels: an empty master leads, its replicas copy it, and
  /// clients fill it again. What it had before comes back; at most its last seconds do not.
  @Test
  @Order(6)
  void bringsBackWhatAMasterHadThatCameUpEmptyAndWasFilledAnew() {
    stage.awaitService();
    assertThat(stage.run("backup").code()).isZero();

    Score score = play(Fault.REDIS_MASTER_LOST);

    assertThat(score.scenario()).isIn("store-lost", "master-lost");
    assertThat(score.dataLossSeconds()).isLessThan(10);
    stage.awaitAllWell();
  }

  @Test
  @Order(7)
  void takesWrongValuesBackToAMoment() {
    Score score = play(Fault.REDIS_DATA_CORRUPTED);

    assertThat(score.discardedByTarget()).isPositive();
  }

  @Test
  @Order(8)
  void comesBackFromTheDumpOfTheWrittenRunbook() throws IOException {
    stage.awaitService();
    RdbCopy copy = new RdbCopy(stage);
    long keys = copy.write();
    assertThat(stage.run("restore-points", "--dumps").out()).contains("redis/dump.rdb");
    Disaster _ = stage.lab().breakIt(Fault.REDIS_STORE_LOST);
    awaitStoreLost();

    LabStage.Result result =
        stage.run("recover", "store-lost", "--datastore", "redis", "--dump", "latest", "--approve");

    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(keys).isPositive();
    assertThat(copy.keys()).isGreaterThanOrEqualTo(keys);
    assertThat(result.out()).contains("It restores: queried");
    stage.awaitAllWell();
  }

  @Test
  @Order(9)
  void goesOnAfterTwoDeathsOfItsControllerInARestore() throws IOException {
    stage.awaitService();
    Instant begun = Instant.now();
    Instant held = heldAfter(begun.plusSeconds(2));
    Instant disaster = stage.lab().breakIt(Fault.REDIS_STORE_LOST).at();
    awaitStoreLost();

    LabStage.Controller controller =
        stage.start("recover", "store-lost", "--datastore", "redis", "--approve", "--no-proof");
    for (String step : List.of("restore-redis-0", "accept")) {
      controller.killAt(" of 1 h  %-20s  ".formatted(step));
      controller = stage.start("resume", "--approve", "--no-proof");
    }

    assertThat(controller.awaitEnd()).as(controller.text()).isZero();
    stage.awaitService();
    LedgerVerdict verdict = stage.readBack(disaster);
    assertThat(verdict.lost())
        .as("acknowledged, in the vault, and lost")
        .map(LedgerVerdict.LostWrite::acknowledgedAt)
        .noneMatch(at -> at.isAfter(begun) && at.isBefore(held));
    stage.awaitAllWell();
  }

  /// The newest moment that the vault holds, once that is after another one.
  private static Instant heldAfter(Instant moment) {
    try (Site site = stage.site()) {
      RedisStore store = (RedisStore) site.recovery().store("redis");
      return Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> store.points().recoveryPoint().orElse(Instant.MIN),
              held -> held.isAfter(moment));
    }
  }

  private static void awaitStoreLost() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> stage.run("assess").out().contains("store-lost"));
  }

  private Score play(Fault fault) {
    stage.awaitService();
    try (Site site = stage.site()) {
      Score score = stage.drill(reports).play(site, fault);
      assertThat(score.verified()).as(score.toString()).isTrue();
      return score;
    }
  }
}
