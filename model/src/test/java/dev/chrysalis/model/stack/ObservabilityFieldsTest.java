package dev.chrysalis.model.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObservabilityFieldsTest {
  @Test
  void observesByTheMembersAloneWhereNothingStandsThere() {
    assertThat(parse("").observability()).isEqualTo(Observability.NONE);
    assertThat(parse("").services().get("perception").metrics()).contains("/actuator/prometheus");
    assertThat(parse("").services().get("capsule").metrics()).isEmpty();
  }

  @Test
  void readsWhereMetricsFlowTo() {
    Observability.Prometheus read =
        parse(
                """
                observability:
                  prometheus:
                    url: https://prometheus:9090/prom/
                    authorizationFile: /etc/chrysalis/prometheus
                    fresh: 30s
                    labels:
                      perception: {job: perception, namespace: butterfly}
                """)
            .observability()
            .prometheus()
            .orElseThrow();

    assertThat(read.fresh()).isEqualTo(Duration.ofSeconds(30));
    assertThat(read.server().url()).isEqualTo("https://prometheus:9090/prom");
    assertThat(read.server().authorizationFile()).contains(Path.of("/etc/chrysalis/prometheus"));
    assertThat(read.server().labelsOf("perception", "job"))
        .containsExactly(Map.entry("job", "perception"), Map.entry("namespace", "butterfly"));
    assertThat(read.server().labelsOf("capsule", "job"))
        .containsExactly(Map.entry("job", "capsule"));
  }

  @Test
  void readsWhereLinesAreGathered() {
    assertThat(logs("loki: {url: 'http://[::1]:3100', tenant: butterfly}"))
        .isEqualTo(
            new Observability.Loki(
                new ServerReference("http://[::1]:3100", null, Map.of()), "butterfly"));
    assertThat(
            logs(
                "elasticsearch: {url: 'http://elastic:9200', index: 'logs-*', labels:"
                    + " {perception: {kubernetes.labels.app: perception}}}"))
        .isEqualTo(
            new Observability.Elasticsearch(
                new ServerReference(
                    "http://elastic:9200",
                    null,
                    Map.of("perception", Map.of("kubernetes.labels.app", "perception"))),
                "logs-*",
                "@timestamp"));
  }

  @Test
  void readsHowManyErrorsAreTooMany() {
    assertThat(parse("observability: {within: 2m, watch: 1s, errors: {times: 5}}").observability())
        .isEqualTo(
            new Observability(
                Duration.ofMinutes(2),
                Duration.ofSeconds(1),
                null,
                null,
                new Observability.ErrorBounds(5, 6, 30)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prometheus: {}            | lacks the key 'url'",
        "prometheus: {url: ftp://x} | observability.prometheus.url must be a plain URL",
        "prometheus: {url: 'http://x/?a=b'} | must be a plain URL",
        "prometheus: {url: 'http://me:pw@x'} | must not hold credentials: use authorizationFile",
        "prometheus: {url: 'http://x', authorizationFile: token} | must be an absolute path",
        "prometheus: {url: 'http://x', labels: {nexus: {job: n}}} | names 'nexus', which the file",
        "prometheus: {url: 'http://x', labels: {perception: {}}} | must name a label",
        "prometheus: {url: 'http://x', labels: {perception: {a-b: c}}} | is not a name that fits",
        "prometheus: {url: 'http://x', tenant: a} | tenant is no key here",
        "loki: {url: 'http://x', tenant: 'a b'} | observability.loki.tenant must match",
        "elasticsearch: {url: 'http://x'} | lacks the key 'index'",
        "elasticsearch: {url: 'http://x', index: '../_all'} | elasticsearch.index must match",
        "watch: 3m                 | observability.watch must be 2m at most",
        "within: 1s                | observability.within must be 10s at least",
        "errors: {times: 0}        | must be a whole number from 1"
      })
  void refusesWhatItCannotUse(String line, String message) {
    refuses("observability:\n  " + line, message);
  }

  @Test
  void refusesTwoPlacesForLines() {
    refuses(
        "observability:\n  loki: {url: 'http://x'}\n  elasticsearch: {url: 'http://x', index: a}",
        "line 12: observability.elasticsearch stands beside 'loki'");
  }

  private static void refuses(String section, String message) {
    assertThatThrownBy(() -> parse(section))
        .isInstanceOf(ChrysalisException.class)
        .hasMessageContaining(message);
  }

  private static Observability.LogServer logs(String line) {
    return parse("observability:\n  " + line).observability().logs().orElseThrow();
  }

  private static Stack parse(String section) {
    return StackFile.parse(
        "stack.yaml",
        """
        version: 1
        stack: butterfly
        platform: {kind: process, directory: /srv/lab/platform}
        vault: {location: 'file:///srv/lab/vault', passphraseFile: /srv/lab/secrets/vault}
        services:
          perception:
            metrics: /actuator/prometheus
          capsule:
            port: 8080
        """
            + section);
  }
}
