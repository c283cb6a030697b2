package dev.chrysalis.model.stack;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where metrics and logs of the services flow to, and how many errors are too many. Without any of
/// these servers the checklist asks the members themselves.
///
/// @param within how far back a look goes that no recovery made: lines must be newer, errors count
/// @param watch how long members are watched themselves
public record Observability(
    Duration within,
    Duration watch,
    @Nullable Prometheus prometheusOrNull,
    @Nullable LogServer logsOrNull,
    ErrorBounds errors) {
  /// No server at all.
  public static final Observability NONE =
      new Observability(
          Duration.ofMinutes(5), Duration.ofSeconds(5), null, null, ErrorBounds.DEFAULTS);

  public Observability {
    // Members answer slowly after a recovery; a longer watch would keep it waiting.
    if (watch.isNegative() || watch.isZero() || watch.compareTo(Duration.ofMinutes(2)) > 0) {
      throw new IllegalArgumentException("members are watched for at most 2m");
    }
    if (within.compareTo(Duration.ofSeconds(10)) < 0) {
      throw new IllegalArgumentException("a look goes back 10s at least");
    }
  }

  public Optional<Prometheus> prometheus() {
    return Optional.ofNullable(prometheusOrNull);
  }

  public Optional<LogServer> logs() {
    return Optional.ofNullable(logsOrNull);
  }

  /// A Prometheus server, or what speaks its HTTP API.
  ///
  /// @param fresh how old the newest sample of a target may be
  public record Prometheus(ServerReference server, Duration fresh) {}

  /// Where log lines are gathered.
  public sealed interface LogServer {
    ServerReference server();

    /// Its key in the stack file.
    String kind();
  }

  /// @param tenantOrNull the value of `X-Scope-OrgID`
  public record Loki(ServerReference server, @Nullable String tenantOrNull) implements LogServer {
    @Override
    public String kind() {
      return "loki";
    }

    public Optional<String> tenant() {
      return Optional.ofNullable(tenantOrNull);
    }
  }

  /// @param index the index, data stream or pattern that holds the lines
  /// @param time the field that holds a line's time
  public record Elasticsearch(ServerReference server, String index, String time)
      implements LogServer {
    @Override
    public String kind() {
      return "elasticsearch";
    }
  }

  /// How many errors are too many.
  ///
  /// @param times so many times the rate that was seen while the stack was well
  /// @param requestsPerMinute answers of 5xx of a service, where nothing was seen before
  /// @param linesPerMinute lines of a service that say ERROR, where nothing was seen before
  public record ErrorBounds(int times, int requestsPerMinute, int linesPerMinute) {
    /// What holds where the stack file says nothing.
    public static final ErrorBounds DEFAULTS = new ErrorBounds(3, 6, 30);
  }
}
