package dev.chrysalis.recovery.checklist.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.recovery.checklist.http.Asked;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpositionTest {
  /// As a Spring Boot service writes it.
  private static final String PAGE =
      """
      # HELP application_ready_time_seconds Time taken for the application to be ready
      # TYPE application_ready_time_seconds gauge
      application_ready_time_seconds{main_application_class="dev.butterfly.Butterfly"} 1.204
      # TYPE http_server_requests_seconds summary
      http_server_requests_seconds_count{error="none",exception="none",method="GET",outcome="SUCCESS",status="200",uri="/api/rims/{id}"} 120
      http_server_requests_seconds_sum{error="none",exception="none",method="GET",outcome="SUCCESS",status="200",uri="/api/rims/{id}"} 1.5
      http_server_requests_seconds_count{error="x",exception="x",method="POST",outcome="SERVER_ERROR",status="500",uri="/api/rims"} 7
      # TYPE jvm_gc_pause_seconds summary
      jvm_memory_max_bytes{area="nonheap",id="CodeHeap 'profiled nmethods'"} -1.0
      # TYPE logback_events_total counter
      logback_events_total{level="error"} 0.0
      process_uptime_seconds 12.25
      """;

  @Test
  void readsAPageOfARealService() {
    Exposition page = read(PAGE);

    assertThat(page.samples()).hasSize(7);
    assertThat(page.counters()).containsExactly("logback_events_total");
    assertThat(page.countsRequests()).isTrue();
    assertThat(page.samples())
        .contains(
            new Sample(
                "jvm_memory_max_bytes",
                Map.of("area", "nonheap", "id", "CodeHeap 'profiled nmethods'"),
                -1));
  }

  @Test
  void readsEscapesTimestampsExemplarsAndNumbersThatAreNone() {
    Exposition page =
        read(
            """
            # TYPE foo counter
            msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9
            foo_total{a="}",} 17.0 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67
            something_weird{problem="division by zero"} +Inf -3982045
            not_a_number NaN
            rpc:duration\t { quantile = "0.9" } 9001
            # EOF
            """);

    assertThat(page.samples())
        .extracting(Sample::value)
        .containsExactly(1.458255915e9, 17.0, Double.POSITIVE_INFINITY, Double.NaN, 9001.0);
    assertThat(page.samples().getFirst().labels())
        .containsEntry("path", "C:\\DIR\\FILE.TXT")
        .containsEntry("error", "Cannot find file:\n\"FILE.TXT\"");
    assertThat(page.samples().get(1).labels()).containsExactly(Map.entry("a", "}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "# HELP only comments\n",
        "<!doctype html>",
        "{\"status\":\"UP\"}",
        "up",
        "up one",
        "up{job=\"a\" 1",
        "up{job=\"a} 1",
        "up{job=a} 1",
        "up{=\"a\"} 1",
        "up{a=\"b\"c=\"d\"} 1",
        "up 1 later",
        "9up 1"
      })
  void refusesWhatIsNoPageOfMetrics(String text) {
    assertThat(Exposition.read(text)).isInstanceOf(Asked.Unanswered.class);
  }

  @Test
  void seesThatSomethingHasGrown() {
    Exposition first = read(PAGE);

    assertThat(read(PAGE).movedSince(first)).isFalse();
    assertThat(read(PAGE.replace("12.25", "12.5")).movedSince(first)).isTrue();
    assertThat(read(PAGE.replace("} 0.0", "} 1.0")).movedSince(first)).isTrue();
    // A gauge that rose says nothing.
    assertThat(read(PAGE.replace("} -1.0", "} 5")).movedSince(first)).isFalse();
    assertThat(read("# TYPE foo counter\nfoo_total 2").movedSince(read("foo_total 1"))).isTrue();
  }

  @Test
  void countsAnswersOf5xxSinceAnEarlierPage() {
    Exposition first = read(PAGE);

    assertThat(read(PAGE).serverErrorsSince(first)).isZero();
    assertThat(read(PAGE.replace("} 7", "} 10")).serverErrorsSince(first)).isEqualTo(3);
    // Restarted between the two: all that it counts is new.
    assertThat(read(PAGE.replace("} 7", "} 2")).serverErrorsSince(first)).isEqualTo(2);
    String another = "http_server_requests_seconds_count{status=\"503\",uri=\"/b\"} 4\n";
    assertThat(read(PAGE + another).serverErrorsSince(first)).isEqualTo(4);
    String refused = "http_server_requests_seconds_count{status=\"404\",uri=\"/b\"} 4\n";
    assertThat(read(PAGE + refused).serverErrorsSince(first)).isZero();
  }

  private static Exposition read(String text) {
    assertThat(Exposition.read(text)).isInstanceOf(Asked.Answered.class);
    return ((Asked.Answered<Exposition>) Exposition.read(text)).value();
  }
}
