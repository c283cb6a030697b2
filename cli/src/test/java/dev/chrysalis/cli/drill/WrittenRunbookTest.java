package dev.chrysalis.cli.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.cli.Output;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WrittenRunbookTest {
  private static final Set<String> ALL =
      Set.of("postgres", "kafka", "perception", "capsule", "odyssey", "plato", "nexus");

  @Test
  void restartsInTheOrderOfTheRunbook() {
    assertThat(WrittenRunbook.allServicesDown(List.of(List.of("postgres")), ALL))
        .extracting(RunbookStep::command)
        .filteredOn(command -> command.contains("restart"))
        .extracting(command -> command.replaceAll(".*deployment/(\\w+) .*", "$1"))
        .containsExactly(
            "cassandra", "kafka", "capsule", "odyssey", "perception", "plato", "nexus");
  }

  @Test
  void sleepsAfterOneDatastoreAsAfterCassandraAndLeavesTheOtherSleepOut() {
    assertThat(sleeps(List.of(List.of("postgres")))).containsExactly(Duration.ofSeconds(60));
  }

  @Test
  void sleepsAfterASecondDatastoreAsAfterKafkaAndRestartsItsSentinelsToo() {
    List<List<String>> stores = List.of(List.of("postgres"), List.of("redis", "redis-sentinel"));

    assertThat(sleeps(stores)).containsExactly(Duration.ofSeconds(60), Duration.ofSeconds(30));
    assertThat(WrittenRunbook.allServicesDown(stores, ALL))
        .extracting(RunbookStep::inLab)
        .contains("restart every member of redis, redis-sentinel, then sleep 30 s");
  }

  @Test
  void restartsAllFurtherDatastoresWithTheLast() {
    List<List<String>> stores =
        List.of(List.of("cassandra"), List.of("postgres"), List.of("redis", "redis-sentinel"));

    assertThat(WrittenRunbook.allServicesDown(stores, ALL))
        .extracting(RunbookStep::inLab)
        .contains(
            "restart every member of cassandra, then sleep 60 s",
            "restart every member of postgres, redis, redis-sentinel, then sleep 30 s");
  }

  @Test
  void saysHowManyTimesAsLongTheRunbookTook() {
    ByHand.Done step = new ByHand.Done(60, "kubectl rollout restart", "restart all");
    RunbookComparison comparison =
        RunbookComparison.of(20, new ByHand(70, 600, 0, List.of(step)), true);

    assertThat(comparison.text())
        .isEqualToIgnoringNewLines(
            "written runbook, \"All Services Down\": 70.0 s; Chrysalis: 20.0 s; ratio: 3.5");
    assertThat(new Output().json(new Scorecard(List.of(), comparison)))
        .contains("\"chrysalisSeconds\":20.0", "\"runbookSeconds\":70.0", "\"ratio\":3.5")
        .contains("{\"atSeconds\":60.0,\"command\":\"kubectl rollout restart\"");
  }

  @Test
  void saysThatTheRunbookDidNotBringClientsBack() {
    RunbookComparison comparison =
        RunbookComparison.of(20, new ByHand(-1, 600, -1, List.of()), false);

    assertThat(comparison.text())
        .contains("not back after 600 s", "ratio: more than 30.0", "NOT well");
    assertThat(comparison.ratio()).isEqualTo(-1);
  }

  @Test
  void keepsAScorecardWithoutAComparisonAsItWas() {
    assertThat(new Output().json(new Scorecard(List.of()))).isEqualTo("{\"disasters\":[]}");
  }

  private static List<Duration> sleeps(List<List<String>> datastores) {
    return WrittenRunbook.allServicesDown(datastores, ALL).stream()
        .map(RunbookStep::sleep)
        .filter(Duration::isPositive)
        .toList();
  }
}
