package dev.chrysalis.recovery.checklist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.recovery.checklist.Check.Verdict;
import dev.chrysalis.recovery.checklist.http.FakeServer;
import dev.chrysalis.recovery.checklist.http.FakeServer.Says;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The whole list for a service of two members, with what is around them.
class ChecklistTest {
  private static final String NO_VECTOR =
      "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}";

  private final FakePlatform platform =
      new FakePlatform(Clock.systemUTC()).with("perception", Workload.Kind.DEPLOYMENT, 2, 2, false);
  private final FakeService service = new FakeService();
  private final FakeServer observer = FakeServer.saying(200, NO_VECTOR);
  private final ChecklistStage stage = new ChecklistStage(platform, service.port());

  @AfterEach
  void end() {
    stage.close();
    observer.close();
    service.close();
  }

  @Test
  void ticksEveryBoxOfAStackThatIsWellButThatOfTheLag() {
    List<Check> checks = stage.checklist("").go().checks();

    assertThat(checks)
        .extracting(Check::name)
        .containsExactly(
            "members",
            "health-endpoints",
            "replication",
            "metrics",
            "logs",
            "sample-requests",
            "consumer-lag",
            "error-spikes",
            "protection");
    assertThat(checks)
        .filteredOn(c -> c.verdict() != Verdict.PASSED)
        .extracting(Check::name, Check::evidence)
        .containsExactly(
            // This stack declares no datastore.
            tuple("replication", "there is nothing to look at"),
            tuple("consumer-lag", "no Kafka in this stack"),
            tuple("protection", "the stack has no datastore"));
  }

  @Test
  void sendsNoSampleRequestWhileAnotherBoxFails() {
    service.health(503);

    List<Check> checks = stage.checklist("").goCarefully(Instant.now(), Instant.now());

    assertThat(checks).anyMatch(c -> c.verdict() == Verdict.FAILED);
    assertThat(of("sample-requests", checks))
        .satisfies(c -> assertThat(c.verdict()).isEqualTo(Verdict.UNKNOWN))
        .satisfies(c -> assertThat(c.evidence()).contains("while another box fails"));
    assertThat(of("error-spikes", checks).verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(service.samples()).isZero();
  }

  @Test
  void checksEveryBoxForAPersonWhateverFails() {
    service.health(503);
    service.sample(500);

    List<Check> checks = stage.checklist("").go().checks();

    assertThat(of("health-endpoints", checks).evidence()).contains("perception-0 503");
    assertThat(of("sample-requests", checks).evidence())
        .contains("perception-0 GET /api/rims/${id}: status 500, not 200");
    assertThat(of("metrics", checks).verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void leavesTheSampleRequestsOutWhereItLooksQuietly() {
    Look look = stage.checklist("").goQuietly();

    assertThat(look.well()).isTrue();
    assertThat(of("sample-requests", look.checks()).verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(service.samples()).isZero();
  }

  /// What a member's page of metrics does, and the verdict.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GROWS      | PASSED  | samples, growing",
        "STANDS     | FAILED  | no counter has grown in",
        "IS_NO_PAGE | FAILED  | line 1 is not of Prometheus' format",
        "IS_MISSING | FAILED  | perception-0 /metrics: status 404",
        "UNDECLARED | UNKNOWN | perception: the stack file names no 'metrics' of it"
      })
  void looksWhetherTheMembersOwnMetricsMove(
      FakeService.Metrics metrics, Verdict verdict, String evidence) {
    service.metrics(metrics);

    Checklist checklist =
        metrics == FakeService.Metrics.UNDECLARED ? stage.withoutMetrics() : stage.checklist("");
    Check check = of("metrics", checklist.go().checks());

    assertThat(check.evidence()).contains(evidence);
    assertThat(check.verdict()).isEqualTo(verdict);
  }

  /// What Prometheus says of the service's target, and the verdict.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | 10  | PASSED | perception (a:8080): scraped by Prometheus 10.0 s ago",
        "0 | 10  | FAILED | perception (a:8080): Prometheus could not scrape it 10.0 s ago",
        "1 | 121 | FAILED | perception (a:8080): its newest sample is 2 min 1 s old",
        "1 |     | FAILED | perception: Prometheus has no target with job=\"perception\""
      })
  void asksPrometheusWhereThereIsOne(String up, String age, Verdict verdict, String evidence) {
    observer.answer(r -> new Says(200, age == null ? NO_VECTOR : target(r, up, age)));

    Check check = of("metrics", withPrometheus().go().checks());

    assertThat(check.evidence()).contains(evidence);
    assertThat(check.verdict()).isEqualTo(verdict);
  }

  @Test
  void wantsASampleThatIsNewerThanTheRecovery() {
    observer.answer(r -> new Says(200, target(r, "1", "20")));
    Instant now = Instant.now();

    assertThat(of("metrics", withPrometheus().goCarefully(now.minusSeconds(60), now)).verdict())
        .isEqualTo(Verdict.PASSED);
    assertThat(of("metrics", withPrometheus().goCarefully(now.minusSeconds(10), now)))
        .satisfies(c -> assertThat(c.verdict()).isEqualTo(Verdict.FAILED))
        .satisfies(c -> assertThat(c.evidence()).contains("no sample since the recovery began"));
  }

  @Test
  void leavesBoxesUnknownWhereAServerDoesNotAnswerAndChecksAllOthers() {
    for (FakeServer.Reply bad :
        List.of(
            new Says(500, "boom"),
            new Says(200, "garbage"),
            new FakeServer.Hangs(),
            new FakeServer.Trickles(),
            new FakeServer.Floods())) {
      observer.answer(_ -> bad);

      List<Check> checks =
          stage
              .impatient(
                  "  prometheus: {url: '%1$s'}\n  loki: {url: '%1$s'}".formatted(observer.url()))
              .go()
              .checks();

      assertThat(checks).noneMatch(c -> c.verdict() == Verdict.FAILED);
      assertThat(of("metrics", checks))
          .satisfies(c -> assertThat(c.verdict()).isEqualTo(Verdict.UNKNOWN))
          .satisfies(c -> assertThat(c.evidence()).startsWith("perception: Prometheus"));
      assertThat(of("logs", checks))
          .satisfies(c -> assertThat(c.verdict()).isEqualTo(Verdict.UNKNOWN))
          .satisfies(c -> assertThat(c.evidence()).startsWith("perception: Loki"));
      // The members tell of their errors themselves.
      assertThat(of("error-spikes", checks))
          .satisfies(c -> assertThat(c.verdict()).isEqualTo(Verdict.PASSED))
          .satisfies(c -> assertThat(c.evidence()).contains("by its members"));
    }
  }

  @Test
  void showsTheLinesOfThePlatformWhereNobodyGathersThem() {
    Instant printed = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    platform.print(new MemberId("perception", 0), printed + " INFO ready");

    Check check = of("logs", stage.checklist("").go().checks());

    assertThat(check.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(check.evidence())
        .isEqualTo(
            "perception-0: newest line "
                + printed
                + "; perception-1 printed lines;"
                + " kept by the platform; no aggregator is configured");
  }

  @Test
  void looksForNewLinesInTheAggregatorWhereThereIsOne() {
    String nanos = Instant.now().getEpochSecond() + "000000000";
    observer.answer(
        _ -> new Says(200, streams("[{\"values\":[[\"%s\",\"x\"]]}]".formatted(nanos))));

    assertThat(of("logs", withLoki().go().checks()))
        .satisfies(c -> assertThat(c.verdict()).isEqualTo(Verdict.PASSED))
        .satisfies(c -> assertThat(c.evidence()).startsWith("perception: newest line in Loki 20"));
  }

  @Test
  void failsWhereTheAggregatorLacksWhatAServicePrintedAndIsUnknownWhereItPrintedNothing() {
    observer.answer(_ -> new Says(200, streams("[]")));

    assertThat(of("logs", withLoki().go().checks()))
        .satisfies(c -> assertThat(c.verdict()).isEqualTo(Verdict.UNKNOWN))
        .satisfies(c -> assertThat(c.evidence()).contains("nor is it known to have printed any"));

    platform.print(new MemberId("perception", 1), Instant.now() + " INFO ready");
    assertThat(of("logs", withLoki().go().checks()))
        .satisfies(c -> assertThat(c.verdict()).isEqualTo(Verdict.FAILED))
        .satisfies(c -> assertThat(c.evidence()).contains("though it printed some"));
  }

  @Test
  void failsWhereMembersAnswerWithErrorsWhileTheyAreWatched() {
    service.errorsAtEachScrape(5);

    Check check = of("error-spikes", stage.checklist("").go().checks());

    assertThat(check.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(check.evidence())
        .contains("answers of 5xx in", "nothing to compare with (no look while well was kept)");
  }

  @Test
  void countsNoErrorsOfTheOutage() {
    service.errorsSoFar(100_000);
    for (int i = 0; i < 1000; i++) {
      platform.print(new MemberId("perception", 0), Instant.now() + " ERROR no database");
    }

    assertThat(
            of("error-spikes", stage.checklist("").goCarefully(Instant.now(), Instant.now()))
                .verdict())
        .isEqualTo(Verdict.PASSED);
  }

  /// Three lines that say ERROR were printed so many seconds ago, when the checklist began.
  @ParameterizedTest
  @CsvSource({"2, FAILED", "300, PASSED"})
  void errorsAfterARecoveryAgeOut(int ago, Verdict verdict) {
    stage.checklist("").keep(stage.checklist("").go());
    observer.answer(r -> new Says(200, threeErrors(r, ago)));
    Instant began = Instant.now().minusSeconds(ago);

    Check check = of("error-spikes", withLoki().goCarefully(began, began));

    assertThat(check.evidence()).contains("by Loki");
    assertThat(check.verdict()).isEqualTo(verdict);
  }

  @Test
  void sendsNoSampleRequestOnceItIsInterrupted() throws InterruptedException {
    observer.answer(_ -> new FakeServer.Hangs());
    Checklist checklist = withLoki();
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Thread looks =
        Thread.ofVirtual()
            .start(() ->
                thrown.complete(
                    catchThrowable(() -> checklist.goCarefully(Instant.now(), Instant.now()))));
    await().until(() -> !observer.requests().isEmpty());

    looks.interrupt();
    looks.join();

    assertThat(thrown.join())
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code().category()).isEqualTo(Category.INTERRUPTED));
    assertThat(service.samples()).isZero();
  }

  @Test
  void countsTheMembersOwnErrorsWhereTheAggregatorHasNoLineOfTheService() {
    observer.answer(
        r -> new Says(200, r.text().contains("count_over_time") ? NO_VECTOR : streams("[]")));

    assertThat(of("error-spikes", withLoki().go().checks()).evidence())
        .contains("no lines with ERROR by its members")
        .doesNotContain("by Loki");
  }

  @Test
  void takesNoLineOfBeforeForOneThatAppears() {
    Instant began = Instant.now();
    platform.print(new MemberId("perception", 0), began.minusSeconds(90) + " INFO ready");

    Check check = of("logs", stage.checklist("").goCarefully(began, began));

    assertThat(check.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(check.evidence()).contains("perception-0: no line since", "its newest is of");
  }

  @Test
  void comparesWithTheLooksThatFoundAllWell() {
    Checklist checklist = stage.checklist("");
    Look well = checklist.go();
    checklist.keep(well);
    service.errorsAtEachScrape(5);
    Look spike = checklist.go();
    checklist.keep(spike);

    assertThat(well.well()).isTrue();
    assertThat(spike.well()).isFalse();
    assertThat(of("error-spikes", checklist.go().checks()).evidence())
        .contains("before 0/min (1 look while well");
  }

  @Test
  void doesNotKnowTheErrorsOfAServiceThatCountsNoRequests() {
    Check check = of("error-spikes", stage.withoutMetrics().go().checks());

    assertThat(check.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(check.evidence())
        .startsWith("perception: answers of 5xx: perception-0: the stack file names no 'metrics'");
  }

  private Checklist withPrometheus() {
    return stage.checklist("  prometheus: {url: '%s'}".formatted(observer.url()));
  }

  private Checklist withLoki() {
    return stage.checklist("  loki: {url: '%s'}".formatted(observer.url()));
  }

  private static Check of(String name, List<Check> checks) {
    return checks.stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }

  /// What Loki counts where the time that is counted reaches back so far; it has lines at any time.
  private static String threeErrors(FakeServer.Request request, int ago) {
    String query = request.text();
    if (!query.contains("count_over_time")) {
      return streams("[{\"values\":[[\"%d000000000\",\"x\"]]}]".formatted(epochSecond()));
    }
    Matcher counted = Pattern.compile("\\[(\\d+)s]").matcher(query);
    assertThat(counted.find()).isTrue();
    boolean reached = Integer.parseInt(counted.group(1)) >= ago;
    return NO_VECTOR.replace(
        "[]", "[{\"metric\":{},\"value\":[1,\"%d\"]}]".formatted(reached ? 3 : 0));
  }

  private static long epochSecond() {
    return Instant.now().getEpochSecond();
  }

  private static String streams(String result) {
    return "{\"status\":\"success\",\"data\":{\"resultType\":\"streams\",\"result\":%s}}"
        .formatted(result);
  }

  private static String target(FakeServer.Request request, String up, String age) {
    if (!request.text().contains("query=up") && !request.text().contains("query=timestamp(up")) {
      return NO_VECTOR;
    }
    long now = 1_795_400_130;
    String value =
        request.text().contains("timestamp(")
            ? Long.toString(now - Duration.ofSeconds(Long.parseLong(age)).toSeconds())
            : up;
    return """
    {"status":"success","data":{"resultType":"vector","result":[
      {"metric":{"instance":"a:8080","job":"perception"},"value":[%d,"%s"]}]}}
    """
        .formatted(now, value);
  }
}
