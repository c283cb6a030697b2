package dev.chrysalis.recovery.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.postgres.control.PostgresPlans;
import dev.chrysalis.postgres.control.ProtectAgain;
import dev.chrysalis.postgres.control.RestartServer;
import dev.chrysalis.postgres.control.RestoreGround;
import dev.chrysalis.postgres.control.RestoreInPlace;
import dev.chrysalis.postgres.control.RestoreMember;
import dev.chrysalis.postgres.control.Situation;
import dev.chrysalis.recovery.postgres.FearedPlans;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpeedsTest {
  private static final Stack STACK =
      StackFile.parse(
          "stack.yaml",
          """
          version: 1
          stack: butterfly
          platform: {kind: process, directory: /srv/platform}
          vault: {location: /srv/vault, passphraseFile: /srv/passphrase}
          datastores:
            postgres: {kind: postgresql}
          services: {}
          """);
  private static final List<MemberId> MEMBERS =
      List.of(new MemberId("postgres", 0), new MemberId("postgres", 1));

  @Test
  void takesTheMedianOfTheRunsSoThatOneBadDayCountsForLittle() {
    Speeds speeds = new Speeds(List.of(fence(2), fence(300), fence(3)));

    assertThat(speeds.of("member.fence")).contains(Duration.ofSeconds(3));
    assertThat(speeds.of("member.promote")).isEmpty();
    assertThat(speeds.fixed()).containsOnlyKeys("member.fence");
  }

  @Test
  void addsTheTimeThatBytesTakeToTheTimeThatIsTheSameForAllSizes() {
    Speeds speeds =
        new Speeds(
            List.of(
                new RunSpeeds(Map.of(RestoreMember.NAME, 4.0), Map.of(RestoreMember.NAME, 50e6))));

    assertThat(speeds.of(RestoreMember.NAME, 5_000_000_000L)).contains(Duration.ofSeconds(104));
    assertThat(speeds.of(ProtectAgain.NAME, 5_000_000_000L)).isEmpty();
    assertThat(speeds.fixed()).isEmpty();
  }

  @Test
  void countsWhatARestoreInPlaceReadsAndWhatAnotherOneWrites() {
    Map<String, String> evidence = Map.of("bytes", "800", "keptBytes", "700", "seconds", "4");

    assertThat(RunSpeeds.bytesMoved(RestoreInPlace.NAME, evidence)).isEqualTo(800);
    assertThat(RunSpeeds.bytesMoved(RestoreMember.NAME, evidence)).isEqualTo(100);
    assertThat(RunSpeeds.movesBytes(RestoreInPlace.NAME)).isTrue();
  }

  @Test
  void costsARestoreInPlaceByItsOwnSpeedAndElseByThatOfTheOthers() {
    assertThat(inPlace(Map.of(RestoreInPlace.NAME, Duration.ofMinutes(2))))
        .isEqualTo(Duration.ofMinutes(2));
    assertThat(inPlace(Map.of())).isEqualTo(Duration.ofMinutes(5));
  }

  private static Duration inPlace(Map<String, Duration> measured) {
    PostgresPlans.Forecast forecast =
        new PostgresPlans.Forecast(
            Duration.ofMinutes(5), Duration.ofSeconds(3), Duration.ofSeconds(3), "3 s", measured);
    Situation well = new Situation.AllWell(MEMBERS.getFirst());
    return new PostgresPlans(STACK, store(), well, forecast)
        .storeLost(MEMBERS, RestoreGround.IN_PLACE).steps().stream()
            .filter(step -> step.action().equals(RestoreInPlace.NAME))
            .findFirst()
            .orElseThrow()
            .expected();
  }

  @Test
  void findsARecoveryThatWouldTakeTooLongBeforeAnythingBreaks() {
    List<ScenarioForecast> quick = forecasts(Duration.ofMinutes(5));
    List<ScenarioForecast> slow = forecasts(Duration.ofHours(2));

    assertThat(quick).noneMatch(ScenarioForecast::late);
    assertThat(slow.stream().filter(ScenarioForecast::late).map(ScenarioForecast::scenario))
        .containsExactly("primary-lost", "store-lost");
    assertThat(slow.getLast().finding("postgres").orElseThrow().text())
        .startsWith("postgres: store-lost would take 4 h")
        .endsWith("objective 1 h (by 2 runs)");
  }

  @Test
  void costsStepsWithWhatRunsHaveShown() {
    PostgresPlans.Forecast measured =
        new PostgresPlans.Forecast(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            "3 s",
            Map.of(RestartServer.NAME, Duration.ofHours(3)));

    ScenarioForecast down = forecasts(measured).getFirst();

    assertThat(down.scenario()).isEqualTo("primary-down");
    assertThat(down.expected()).isGreaterThan(Duration.ofHours(3));
  }

  private static List<ScenarioForecast> forecasts(Duration restore) {
    PostgresPlans.Forecast forecast =
        new PostgresPlans.Forecast(
            restore, Duration.ofSeconds(3), Duration.ofSeconds(3), "3 s", Map.of());
    return forecasts(forecast);
  }

  private static List<ScenarioForecast> forecasts(PostgresPlans.Forecast forecast) {
    return new FearedPlans(STACK, store(), forecast)
        .of(MEMBERS).stream().map(plan -> ScenarioForecast.of(plan, 2)).toList();
  }

  private static Datastore store() {
    return STACK.datastores().values().iterator().next();
  }

  private static RunSpeeds fence(double seconds) {
    return new RunSpeeds(Map.of("member.fence", seconds), Map.of());
  }
}
