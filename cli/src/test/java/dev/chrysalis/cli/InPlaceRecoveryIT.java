package dev.chrysalis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.cli.drill.Drill;
import dev.chrysalis.cli.drill.Score;
import dev.chrysalis.lab.Fault;
import dev.chrysalis.lab.ledger.LedgerVerdict;
import dev.chrysalis.postgres.control.RestoreGround;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// Restores over the data of a real stack under load: one that cannot succeed gives it back, one
/// that can leaves out what came after the moment, and nothing else.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InPlaceRecoveryIT {
  @TempDir private static Path reports;
  private static LabStage stage;

  @BeforeAll
  static void up() throws IOException {
    stage = LabStage.up();
  }

  @AfterAll
  static void down() throws IOException {
    stage.close();
  }

  @Test
  @Order(1)
  void refusesWhatItDoesNotFitAndShowsWhatItDestroys() {
    assertThat(stage.run("plan", "primary-lost", "--in-place").err()).contains("CHR-7040");
    assertThat(stage.run("plan", "store-lost", "--no-way-back").err()).contains("CHR-1004");
    assertThat(stage.run("plan", "store-lost", "--in-place").out())
        .contains("Up to its start a failure brings the old data back", "point of no return");
    assertThat(stage.run("plan", "store-lost", "--in-place", "-o", "md").out())
        .contains("agent postgres restore --in-place --name by-hand --to latest", "--undo by-hand")
        .doesNotContain("--no-way-back");
  }

  @Test
  @Order(2)
  void givesTheOldDataBackWhenARestoreInPlaceFailsHalfWayAndItsControllerWasKilled()
      throws IOException {
    stage.awaitService();
    DamagedPacks packs = DamagedPacks.in(stage.lab().layout().vault());
    Instant begun = Instant.now();

    stage
        .start("recover", "data-corrupted", "--to", "latest", "--in-place", "--approve")
        .killAt("%-20s  Restore".formatted("restore-postgres-0"));
    LabStage.Result result = stage.run("resume", "--approve");

    packs.repair();
    assertThat(result.code()).as(result.out() + result.err()).isEqualTo(16);
    assertThat(result.out()).contains("the data of postgres-0 is back as it was");
    assertThat(result.err()).contains("CHR-4103").contains("given back").contains("hint: ");
    assertNothingIsKept();
    stage.awaitService();
    LedgerVerdict verdict = stage.readBack(begun);
    assertThat(verdict.lost()).isEmpty();
    assertThat(verdict.corrupted()).isEmpty();
    String run =
        stage.run("runs").out().lines().skip(1).findFirst().orElseThrow().replaceAll(" .*", "");
    assertThat(stage.run("abort", run).code()).isZero();
  }

  @Test
  @Order(3)
  void goesBackOverTheDataThatIsThereAndLeavesOutOnlyWhatCameAfter() throws IOException {
    stage.awaitService();
    Drill drill = stage.drill(reports);
    try (Site site = stage.site()) {
      Score score = drill.play(site, Fault.DATA_CORRUPTED, RestoreGround.IN_PLACE);

      assertThat(score.verified()).isTrue();
      assertThat(score.lost()).isZero();
      assertThat(score.discardedByTarget()).isPositive();
      assertThat(score.survivedPastTarget()).isZero();
      assertThat(Files.readString(Path.of(score.report()))).contains("SUCCEEDED");
    }
    stage.awaitAllWell();
    assertThat(stage.run("aside", "list").out()).doesNotContain("postgres-0");
    assertNothingIsKept();
  }

  /// The undo log is gone, and with it the room that it took.
  private static void assertNothingIsKept() throws IOException {
    try (Stream<Path> all = Files.walk(stage.lab().layout().platform().resolve("volumes"))) {
      assertThat(all.filter(p -> p.endsWith("chrysalis-undo"))).isEmpty();
    }
  }
}
