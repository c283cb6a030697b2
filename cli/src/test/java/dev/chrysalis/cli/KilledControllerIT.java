package dev.chrysalis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.lab.Fault;
import dev.chrysalis.lab.ledger.LedgerVerdict;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Controllers die and sleep in the middle of recoveries of a real stack; another goes on. Everyone
/// comes to the same end: all is well, and no more is lost than without it.
class KilledControllerIT {
  private static final int SIGSTOP = 19;
  private static final int SIGCONT = 18;

  private static LabStage stage;

  /// The beginning of what the live view says of a step; the plan, printed before, looks different.
  private static String step(String id) {
    return id.endsWith("-") ? " of 1 h  " + id : "%-20s  ".formatted(id);
  }

  @BeforeAll
  static void up() throws IOException {
    stage = LabStage.up();
  }

  @AfterAll
  static void down() throws IOException {
    stage.close();
  }

  /// Before, at and behind the point of no return, there while the agent restores the lost node.
  @Test
  void goesOnAfterThreeDeathsInAPromotion() throws IOException {
    killedAndResumed(
        Fault.PRIMARY_LOST,
        step("fence-postgres-"),
        step("promote") + "Promote",
        "restoring files");
  }

  @Test
  void goesOnAfterTwoDeathsAtThePointsOfNoReturnOfARestore() throws IOException {
    killedAndResumed(
        Fault.STORE_LOST, step("set-aside-postgres-0") + "Set", step("end-recovery") + "End");
  }

  @Test
  void changesNothingWhenItWakesAfterItsLeaseWentToAnother() throws Exception {
    stage.awaitService();
    Instant disaster = stage.lab().breakIt(Fault.PRIMARY_LOST).at();
    stage.awaitTrouble();
    LabStage.Controller asleep = stage.start("recover", "--approve");
    asleep.awaitText(step("fence-postgres-"));
    signal(asleep, SIGSTOP);

    LabStage.Result other = stage.run("resume", "--approve");
    String runs = stage.run("runs", "-o", "json").out();
    signal(asleep, SIGCONT);

    assertThat(other.code()).as(other.out() + other.err()).isZero();
    assertThat(asleep.awaitEnd()).as(asleep.text()).isEqualTo(15);
    assertThat(asleep.text()).contains("error CHR-2102");
    assertThat(stage.run("runs", "-o", "json").out()).isEqualTo(runs);
    allIsWell(disaster);
  }

  @Test
  void refusesASecondControllerWhileTheFirstIsAtWork() throws Exception {
    stage.awaitService();
    Instant disaster = stage.lab().breakIt(Fault.PRIMARY_LOST).at();
    stage.awaitTrouble();
    LabStage.Controller first = stage.start("recover", "--approve");
    first.awaitText(step("fence-postgres-"));

    LabStage.Controller second = stage.start("resume", "--approve");

    assertThat(first.awaitEnd()).as(first.text()).isZero();
    assertThat(second.awaitEnd()).as(second.text()).isIn(11, 15, 2);
    allIsWell(disaster);
  }

  private static void killedAndResumed(Fault fault, String... at) throws IOException {
    stage.awaitService();
    Instant disaster = stage.lab().breakIt(fault).at();
    stage.awaitTrouble();
    LabStage.Controller controller = stage.start("recover", "--approve");
    for (String text : at) {
      controller.killAt(text);
      controller = stage.start("resume", "--approve");
    }
    assertThat(controller.awaitEnd()).as(controller.text()).isZero();
    allIsWell(disaster);
  }

  private static void allIsWell(Instant disaster) {
    stage.awaitService();
    LedgerVerdict verdict = stage.readBack(disaster);

    assertThat(verdict.corrupted()).isEmpty();
    assertThat(verdict.lost())
        .as("acknowledged before the last 10 s and lost")
        .noneMatch(l -> l.acknowledgedAt().isBefore(disaster.minusSeconds(10)));
    stage.awaitAllWell();
  }

  private static void signal(LabStage.Controller controller, int signal)
      throws IOException, InterruptedException {
    Process kill =
        new ProcessBuilder("/bin/kill", "-" + signal, Long.toString(controller.process().pid()))
            .start();
    assertThat(kill.waitFor()).isZero();
  }
}
