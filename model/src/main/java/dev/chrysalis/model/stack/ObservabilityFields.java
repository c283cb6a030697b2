package dev.chrysalis.model.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the section `observability` of the stack file.
final class ObservabilityFields {
  private static final String PROMETHEUS_LABEL = "[a-zA-Z_][a-zA-Z0-9_]*";
  private static final String FIELD = "[A-Za-z_@][A-Za-z0-9_.@-]*";
  private static final String INDEX = "[a-z0-9*.][a-z0-9*,._-]{0,200}";
  private static final Pattern TENANT = Pattern.compile("[A-Za-z0-9_.|-]{1,150}");
  private static final int MOST_ERRORS = 1_000_000;

  private final String service;

  /// @param service the form of services' names
  ObservabilityFields(String service) {
    this.service = service;
  }

  Observability read(YamlFields f) {
    Observability none = Observability.NONE;
    if (f.has("loki") && f.has("elasticsearch")) {
      throw f.bad("elasticsearch", "stands beside 'loki': lines are looked for in one of them");
    }
    Duration within = f.durationOr("within", none.within());
    if (within.compareTo(Duration.ofSeconds(10)) < 0) {
      throw f.bad("within", "must be 10s at least");
    }
    Duration watch = f.durationOr("watch", none.watch());
    if (watch.compareTo(Duration.ofMinutes(2)) > 0) {
      throw f.bad("watch", "must be 2m at most");
    }
    return new Observability(
        within,
        watch,
        f.has("prometheus") ? f.object("prometheus", this::prometheus) : null,
        logs(f),
        f.object("errors", ObservabilityFields::errors));
  }

  private Observability.Prometheus prometheus(YamlFields f) {
    return new Observability.Prometheus(
        server(f, PROMETHEUS_LABEL), f.durationOr("fresh", Duration.ofMinutes(2)));
  }

  private Observability.@Nullable LogServer logs(YamlFields f) {
    if (f.has("loki")) {
      return f.object("loki", this::loki);
    }
    return f.has("elasticsearch") ? f.object("elasticsearch", this::elasticsearch) : null;
  }

  private Observability.Loki loki(YamlFields f) {
    return new Observability.Loki(
        server(f, PROMETHEUS_LABEL), f.has("tenant") ? matching(f, "tenant", TENANT) : null);
  }

  private Observability.Elasticsearch elasticsearch(YamlFields f) {
    return new Observability.Elasticsearch(
        server(f, FIELD),
        matching(f, "index", Pattern.compile(INDEX)),
        f.has("time") ? matching(f, "time", Pattern.compile(FIELD)) : "@timestamp");
  }

  private ServerReference server(YamlFields f, String label) {
    return new ServerReference(
        f.parsed("url", ServerReference::url),
        f.has("authorizationFile")
            ? f.parsed("authorizationFile", ObservabilityFields::file)
            : null,
        f.named("labels", service, (_, labels) -> labels(labels, label)));
  }

  private static Map<String, String> labels(YamlFields f, String label) {
    Map<String, String> labels = f.allTexts(label);
    if (labels.isEmpty()) {
      throw f.none("must name a label: without one all services are meant");
    }
    return labels;
  }

  private static Observability.ErrorBounds errors(YamlFields f) {
    Observability.ErrorBounds otherwise = Observability.ErrorBounds.DEFAULTS;
    return new Observability.ErrorBounds(
        f.numberOr("times", otherwise.times(), 1, 1000),
        f.numberOr("requestsPerMinute", otherwise.requestsPerMinute(), 0, MOST_ERRORS),
        f.numberOr("linesPerMinute", otherwise.linesPerMinute(), 0, MOST_ERRORS));
  }

  private static String matching(YamlFields f, String key, Pattern form) {
    String text = f.text(key);
    if (!form.matcher(text).matches()) {
      throw f.bad(key, "must match " + form);
    }
    return text;
  }

  private static Path file(String text) {
    Path path = Path.of(text);
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("must be an absolute path");
    }
    return path;
  }
}
