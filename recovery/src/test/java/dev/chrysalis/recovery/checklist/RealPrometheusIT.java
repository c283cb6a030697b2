package dev.chrysalis.recovery.checklist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.chrysalis.model.stack.Observability;
import dev.chrysalis.model.stack.ServerReference;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.recovery.checklist.Check.Verdict;
import dev.chrysalis.recovery.checklist.http.Asked;
import dev.chrysalis.recovery.checklist.http.BoundedHttp;
import dev.chrysalis.recovery.checklist.metrics.Prometheus;
import dev.chrysalis.recovery.checklist.metrics.RealPrometheus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The checklist with Debian's Prometheus, which scrapes a service every second.
class RealPrometheusIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration TIME = Duration.ofSeconds(10);

  @TempDir private Path folder;
  private final FakeService service = new FakeService();
  private final FakePlatform platform =
      new FakePlatform(Clock.systemUTC()).with("perception", Workload.Kind.DEPLOYMENT, 2, 2, false);
  private final ChecklistStage stage = new ChecklistStage(platform, service.port());
  private final BoundedHttp http = new BoundedHttp(Duration.ofSeconds(20), 1 << 20);
  private RealPrometheus prometheus;

  @BeforeEach
  void begin() throws IOException, InterruptedException {
    prometheus = new RealPrometheus(folder, List.of(service.port()));
  }

  @AfterEach
  void end() {
    prometheus.close();
    http.close();
    stage.close();
    service.close();
  }

  @Test
  void ticksMetricsWhileTheyFlowAndFailsOnceTheTargetDied() throws IOException {
    awaits(Verdict.PASSED, "scraped by Prometheus");

    service.close();
    awaits(Verdict.FAILED, "Prometheus could not scrape it");

    prometheus.scrape(List.of());
    awaits(Verdict.FAILED, "Prometheus has no target with job=\"perception\"");

    prometheus.close();
    awaits(Verdict.UNKNOWN, "Prometheus: no answer");
  }

  @Test
  void countsErrorsAlsoOfSeriesThatBeginWithThem() {
    Prometheus asked =
        new Prometheus(
            new Observability.Prometheus(
                new ServerReference(prometheus.url(), null, Map.of()), Duration.ofMinutes(2)),
            http);
    await().atMost(PATIENCE).until(() -> errors(asked) == 0);
    assertThat(asked.serverErrorsADayBefore("perception"))
        .isEqualTo(new Asked.Unanswered<>("Prometheus holds nothing of a day before"));

    service.errorsSoFar(40);
    await().atMost(PATIENCE).until(() -> errors(asked) == 40);
    await().atMost(PATIENCE).until(() -> errors(asked) == 0);

    service.errorsSoFar(100);
    await().atMost(PATIENCE).until(() -> errors(asked) > 40 && errors(asked) < 100);
  }

  /// -1 while it does not know.
  private static double errors(Prometheus asked) {
    return switch (asked.serverErrors("perception", TIME)) {
      case Asked.Answered<Double>(Double count) -> count;
      case Asked.Unanswered<Double> _ -> -1;
    };
  }

  private void awaits(Verdict verdict, String evidence) {
    Checklist checklist = stage.checklist("  prometheus: {url: '%s'}".formatted(prometheus.url()));
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(checklist.goQuietly().checks())
                .filteredOn(c -> c.name().equals("metrics"))
                .singleElement()
                .satisfies(c -> assertThat(c.evidence()).contains(evidence))
                .satisfies(c -> assertThat(c.verdict()).isEqualTo(verdict)));
  }
}
