package dev.chrysalis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.cli.drill.Drill;
import dev.chrysalis.cli.drill.Score;
import dev.chrysalis.lab.Fault;
import dev.chrysalis.lab.LabService;
import dev.chrysalis.model.Finding;
import dev.chrysalis.recovery.Assessment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// The services of a real stack under load are broken in every way that the lab knows, and come
/// back by the remedy that fits what was found.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServicesIT {
  private static final Duration HEALTHY = Duration.ofMinutes(1);

  @TempDir private static Path reports;
  private static LabStage stage;
  private static Drill drill;

  @BeforeAll
  static void up() throws IOException {
    stage = LabStage.upWithServices();
    drill = stage.drill(reports);
  }

  @AfterAll
  static void down() throws IOException {
    stage.close();
  }

  /// Looks back to back, while the load goes on.
  @Test
  @Order(0)
  void raisesNoFalseAlarmWhileAllIsWell() {
    stage.awaitService();
    try (Site site = stage.site()) {
      long served = stage.ledger().acknowledgedCount();
      List<String> before = new ArrayList<>();
      List<String> alarms = new ArrayList<>();
      AtomicInteger looks = new AtomicInteger();
      Instant end = Instant.now().plus(HEALTHY);
      Awaitility.await()
          .atMost(HEALTHY.multipliedBy(2))
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> {
            looks.incrementAndGet();
            // One answer may be late where one look follows another; two are an alarm.
            List<String> seen = alarms(site.stack().name(), site.recovery().assess());
            seen.stream().filter(before::contains).forEach(alarms::add);
            before.clear();
            before.addAll(seen);
            return Instant.now().isAfter(end);
          });

      assertThat(alarms).as("in %d looks", looks.get()).isEmpty();
      assertThat(looks.get()).isGreaterThan(1);
      assertThat(stage.ledger().acknowledgedCount()).isGreaterThan(served);
    }
  }

  @Test
  @Order(1)
  void restartsAServiceThatHangs() throws IOException {
    String report = play(Fault.SERVICE_HUNG, "service-down");

    assertThat(report).contains("Restart perception-0", "Restart perception-1");
  }

  @Test
  @Order(2)
  void watchesTheStartOfAServiceThatWasKilled() throws IOException {
    String report = play(Fault.SERVICE_KILLED, "service-down");

    assertThat(report).contains("Wait until perception is ready").doesNotContain("Roll ");
  }

  @Test
  @Order(3)
  void rollsABadReleaseBackWhileTheOldOneStillServes() throws IOException {
    int good = revision();
    String report = play(Fault.BAD_RELEASE, "service-down");

    assertThat(report).contains("Roll perception back from revision");
    assertThat(revision()).isGreaterThan(good + 1);
  }

  @Test
  @Order(4)
  void rollsAConfigurationBackWithWhichAServiceDoesNotGetReady() throws IOException {
    String report = play(Fault.BAD_CONFIGURATION, "service-down");

    assertThat(report).contains("Roll perception back from revision");
  }

  /// The revision that a release is rolled back to may know a primary that is no more.
  @Test
  @Order(5)
  void pointsARevisionFromBeforeAFailoverAtThePrimaryOfNow() throws IOException {
    play(Fault.PRIMARY_LOST, "primary-lost");
    String report = play(Fault.BAD_RELEASE, "service-down");

    assertThat(report).contains("Point perception at the primary of postgres");
  }

  @Test
  @Order(6)
  void findsTwoFaultsAtOnceAndBlamesTheDatabaseForTheServiceThatNeedsIt() throws IOException {
    stage.lab().breakIt(Fault.PRIMARY_DOWN);
    stage.lab().breakIt(Fault.SERVICE_HUNG, LabService.CAPSULE);
    try (Site site = stage.site()) {
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() ->
              assertThat(site.recovery().assess().findings())
                  .extracting(Finding::kind)
                  .contains("primary-down", "service-waits", "service-hung"));
    }
    LabStage.Result result = stage.run("recover", "--approve");

    assertThat(result.code()).as(result.out() + result.err()).isZero();
    assertThat(result.out())
        .contains("primary-down", "Restart capsule-0", "It restores: queried")
        .doesNotContain("Restart perception");
  }

  @Test
  @Order(7)
  void bringsEverythingBackInTheOrderOfWhatNeedsWhat() throws IOException {
    String report = play(Fault.ALL_DOWN, "all-down");

    assertThat(report)
        .contains(
            "Restart the primary", "Restart the standby", "Restart perception", "Restart nexus-0");
  }

  @Test
  @Order(8)
  void watchesTheStartOfAServiceThatRanOutOfMemory() throws IOException {
    String report = play(Fault.OUT_OF_MEMORY, "service-down");

    assertThat(report).contains("Wait until perception is ready");
  }

  /// What would call somebody. Of the stack itself only the vault's lag is told, which is no
  /// trouble of a service or a datastore.
  private static List<String> alarms(String stack, Assessment found) {
    List<String> alarms = new ArrayList<>();
    if (!found.allWell()) {
      alarms.add(found.scenario());
    }
    found.findings().stream()
        .filter(f -> f.severity() != Finding.Severity.NOTICE && !f.subject().equals(stack))
        .forEach(f -> alarms.add(f.kind() + " " + f.subject()));
    return alarms;
  }

  private static int revision() {
    try (Site site = stage.site()) {
      return site.recovery().assess().services().stream()
          .filter(s -> s.service().equals("perception"))
          .findFirst()
          .orElseThrow()
          .view()
          .workload()
          .revision();
    }
  }

  private static String play(Fault fault, String scenario) throws IOException {
    stage.awaitService();
    try (Site site = stage.site()) {
      Score score = drill.play(site, fault);

      String report = Files.readString(Path.of(score.report()));
      assertThat(score.scenario()).isEqualTo(scenario);
      assertThat(score.verified()).as(report).isTrue();
      // A service keeps nothing: only the store's own loss takes what was acknowledged.
      assertThat(score.lost() == 0 || fault == Fault.PRIMARY_LOST).isTrue();
      assertThat(score.recoveryTimeSeconds()).isBetween(0.0, score.objectiveSeconds());
      stage.awaitAllWell();
      return report;
    }
  }
}
