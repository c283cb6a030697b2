package dev.chrysalis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.cli.drill.Drill;
import dev.chrysalis.cli.drill.Score;
import dev.chrysalis.lab.Fault;
import dev.chrysalis.lab.ledger.LedgerVerdict;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.postgres.agent.server.StandbySlot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// A real stack on this machine is broken in every way that the lab knows, one after the other on
/// the same data, and comes back each time.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DisastersIT {
  /// What the policy promises: nothing acknowledged longer ago than this is lost.
  private static final double PROMISE_SECONDS = 10;

  @TempDir private static Path reports;
  private static LabStage stage;
  private static Drill drill;

  @BeforeAll
  static void up() throws IOException {
    stage = LabStage.up();
    drill = stage.drill(reports);
  }

  @AfterAll
  static void down() throws IOException {
    stage.close();
  }

  @Test
  @Order(1)
  void findsNothingWrongWithAHealthyStack() {
    LabStage.Result result = stage.run("assess", "-o", "json");

    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("\"scenario\":\"all-well\"").contains("\"findings\":[]");
    assertThat(stage.run("verify").code()).isZero();
    assertThat(stage.run("recover", "--approve"))
        .extracting(LabStage.Result::code, LabStage.Result::err)
        .satisfies(both -> assertThat(both.toString()).contains("11", "CHR-7001"));
  }

  @Test
  @Order(2)
  void comesBackAfterThePrimaryIsLost() throws IOException {
    Score score = play(Fault.PRIMARY_LOST);

    assertThat(score.scenario()).isEqualTo("primary-lost");
    assertThat(score.dataLossSeconds()).isLessThanOrEqualTo(PROMISE_SECONDS);
  }

  @Test
  @Order(3)
  void comesBackAfterEveryVolumeIsLost() throws IOException {
    Score score = play(Fault.STORE_LOST);

    assertThat(score.scenario()).isEqualTo("store-lost");
    assertThat(score.dataLossSeconds()).isLessThanOrEqualTo(PROMISE_SECONDS);
  }

  @Test
  @Order(4)
  void restartsAPrimaryThatHangs() throws IOException {
    Score score = play(Fault.PRIMARY_DOWN);

    assertThat(score.scenario()).isEqualTo("primary-down");
    assertThat(score.lost()).isZero();
  }

  @Test
  @Order(5)
  void rebuildsAReplicaWhoseVolumeIsLost() throws IOException {
    stage.lab().breakIt(Fault.REPLICA_VOLUME_LOST);
    stage.awaitTrouble();

    assertThat(stage.run("plan").out()).contains("replica-lost");
    recovers();
  }

  @Test
  @Order(6)
  void restartsAReplicaThatHangs() {
    stage.lab().breakIt(Fault.REPLICA_DOWN);
    stage.awaitTrouble();

    assertThat(stage.run("plan").out()).contains("replica-down");
    recovers();
  }

  @Test
  @Order(7)
  void comesBackASecondTimeFromWhatWasRestored() throws IOException {
    Score score = play(Fault.STORE_LOST);

    assertThat(score.dataLossSeconds()).isLessThanOrEqualTo(PROMISE_SECONDS);
  }

  @Test
  @Order(8)
  void goesBackToBeforeValuesWereOverwrittenAndLeavesOutOnlyWhatCameAfter() throws IOException {
    Score score = play(Fault.DATA_CORRUPTED);

    assertThat(score.scenario()).isEqualTo("data-corrupted");
    assertThat(score.lost()).isZero();
    assertThat(score.discardedByTarget()).isPositive();
    assertThat(stage.run("restore-points").out()).contains("window: ").contains("timeline");
    assertThat(stage.run("plan", "data-corrupted", "--to", "2020-01-01T00:00:00Z"))
        .extracting(LabStage.Result::code, LabStage.Result::err)
        .satisfies(both -> assertThat(both.toString()).contains("11", "CHR-5030", "the window is"));
    assertThat(stage.run("plan", "data-corrupted", "--to", "xid:4000000000").err())
        .contains("CHR-5031");
  }

  @Test
  @Order(9)
  void bringsAMomentUpBesideTheLivingDatabaseWhichGoesOn() {
    stage.awaitService();
    try (Site site = stage.site()) {
      Map<String, String> living = living(site);
      String moment = Instant.now().minusSeconds(10).toString();
      LabStage.Result made = stage.run("restore", "--into", "look", "--to", moment);

      assertThat(made.code()).as(made.out() + made.err()).isZero();
      assertThat(stage.run("restore", "--into", "look", "--to", "latest").err())
          .as("it holds another moment")
          .contains("CHR-7009", moment, "--drop look");
      assertThat(made.out()).contains("look is readable", "psql -h 127.");
      assertThat(new DatastoreOption().postgres(site).agents().status(new MemberId("look", 0)))
          .containsEntry("role", "standby")
          .containsEntry("replayPaused", "true")
          .containsEntry("slots", "0")
          .doesNotContainKey("receiver.status");
      stage.awaitService();
      assertThat(living(site)).isEqualTo(living);
      stage.awaitAllWell();
      assertThat(stage.run("restore", "--list").out()).contains("look", "readable");

      assertThat(stage.run("restore", "--drop", "look").code()).isZero();
      assertThat(stage.run("restore", "--list").out()).contains("There are no copies");
      assertThat(stage.run("restore", "--drop", "postgres").err()).contains("CHR-7009");
      assertThat(site.platform().workloads()).extracting(Workload::name).doesNotContain("look");
      assertThat(living(site)).isEqualTo(living);
    }
  }

  @Test
  @Order(10)
  void provesARestorePointByRestoringItThoughAnEarlierProofWasKilled() throws IOException {
    stage.awaitService();
    try (Site site = stage.site()) {
      Map<String, String> living = living(site);
      LabStage.Controller killed = stage.start("prove", "--restore");
      killed.killAt("restoring files");

      LabStage.Result proved = stage.run("prove", "--restore");

      assertThat(proved.code()).as(proved.out() + proved.err()).isZero();
      assertThat(proved.out()).contains("tables with", "1 queries asked", "It restores: queried");
      assertThat(stage.run("restore", "--list").out()).contains("There are no copies");
      assertThat(stage.run("restore-points").out()).contains("queried 20");
      assertThat(stage.run("status").out()).contains("restored ", ", policy 7 d");
      assertThat(living(site)).isEqualTo(living);
    }
  }

  /// What of the living primary a copy beside it must not change.
  private static Map<String, String> living(Site site) {
    Map<String, String> status =
        new DatastoreOption().postgres(site).agents().status(new MemberId("postgres", 0));
    return status.entrySet().stream()
        .filter(e -> e.getKey().matches("role|timeline|slots|replicas|slot[.][0-9]+[.]name"))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /// The replica and the vault both lag; the dead primary's log is read before one is promoted.
  @Test
  @Order(11)
  void losesNothingOfADeadPrimaryWhoseLogCanBeRead() throws Exception {
    stage.awaitService();
    Instant begun = Instant.now();
    LaggingStack lagging = new LaggingStack(stage);
    lagging.cutTheStandbyOff();
    lagging.cutTheVaultOff();
    lagging.go(60);
    Instant disaster = stage.lab().breakIt(Fault.PRIMARY_DOWN).at();
    lagging.killTheShipper();
    stage.awaitTrouble();

    LabStage.Result result = stage.run("recover", "primary-lost", "--approve");

    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(result.out()).contains("lost: nothing: all that the old primary wrote was read");
    assertThat(lostSince(begun, disaster)).isEmpty();
    assertThat(new LaggingStack(stage).slotOfTheStandby())
        .isEqualTo(StandbySlot.nameFor(lagging.primary()));
  }

  /// The better of replica and vault, measured beside the program, bounds what is lost.
  @Test
  @Order(12)
  void losesNoMoreThanTheLagOfTheBetterOfReplicaAndVault() throws Exception {
    stage.awaitService();
    Instant begun = Instant.now();
    LaggingStack lagging = new LaggingStack(stage);
    lagging.go(10);
    lagging.cutTheStandbyOff();
    lagging.go(30);
    lagging.cutTheVaultOff();
    lagging.go(60);
    Instant disaster = stage.lab().breakIt(Fault.PRIMARY_LOST).at();
    lagging.killTheShipper();
    Instant held = lagging.heldUntil();
    stage.awaitTrouble();

    LabStage.Result result = stage.run("recover", "--approve");

    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(result.out())
        .contains("no commit that is known; unknown is what the old primary acknowledged after 20");
    assertThat(lostSince(begun, disaster))
        .isNotEmpty()
        .allSatisfy(l -> assertThat(l.acknowledgedAt()).isAfter(held));
  }

  @Test
  @Order(13)
  void comesBackFromWhatPgDumpOnceWrote() throws IOException {
    stage.awaitService();
    Instant begun = Instant.now();
    new PlainDump(stage).write("2025-12-03");
    assertThat(stage.run("restore-points", "--dumps").out()).contains("2025-12-03");
    Set<Long> goneBefore = ids(lostSince(Instant.EPOCH, begun));
    Instant disaster = stage.lab().breakIt(Fault.STORE_LOST).at();
    stage.awaitTrouble();

    LabStage.Result result = stage.run("recover", "--dump", "latest", "--approve");

    assertThat(result.code()).as(result.out() + result.err()).isZero();
    List<LedgerVerdict.LostWrite> lost = lostSince(Instant.EPOCH, disaster);
    lost.removeIf(write -> goneBefore.contains(write.id()));
    assertThat(lost).isNotEmpty().allSatisfy(l -> assertThat(l.acknowledgedAt()).isAfter(begun));
    stage.awaitAllWell();
    assertThat(stage.run("plan", "store-lost").out()).contains("from the vault");
  }

  private static Set<Long> ids(List<LedgerVerdict.LostWrite> lost) {
    return lost.stream().map(LedgerVerdict.LostWrite::id).collect(Collectors.toSet());
  }

  /// What is lost of that which was acknowledged since then.
  private static List<LedgerVerdict.LostWrite> lostSince(Instant begun, Instant disaster) {
    stage.awaitService();
    LedgerVerdict verdict = stage.readBack(disaster);
    assertThat(verdict.corrupted()).isEmpty();
    return verdict.lost().stream()
        .filter(l -> l.acknowledgedAt().isAfter(begun))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static void recovers() {
    LabStage.Result result = stage.run("recover", "--approve");

    assertThat(result.code()).as(result.out() + result.err()).isZero();
    stage.awaitAllWell();
  }

  private static Score play(Fault fault) throws IOException {
    stage.awaitService();
    try (Site site = stage.site()) {
      Score score = drill.play(site, fault);
      assertThat(score.verified()).isTrue();
      assertThat(score.recoveryTimeSeconds()).isPositive().isLessThan(score.objectiveSeconds());
      assertThat(score.survivedPastTarget()).isZero();
      assertThat(Files.readString(Path.of(score.report()))).contains("SUCCEEDED");
      return score;
    }
  }
}
