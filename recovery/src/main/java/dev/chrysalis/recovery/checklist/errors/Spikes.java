package dev.chrysalis.recovery.checklist.errors;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.model.stack.Observability.ErrorBounds;
import dev.chrysalis.recovery.checklist.http.Asked;
import dev.chrysalis.recovery.checklist.metrics.Prometheus;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Whether there are more errors than there were while the stack was well.
///
/// 1. *Before* is the median of what was kept while it was well; else, of answers, what Prometheus
///    holds of a day before.
/// 2. A spike is a rate above so many times that, and above half the bound of the stack file: a few
///    errors are borne after a quiet past too. Where nothing is known of before, it is a rate above
///    the whole bound.
/// 3. One or two errors are never a spike: over a short time they would make a high rate.
public final class Spikes {
  private static final int FEWEST = 3;

  private final ErrorBounds bounds;
  private final Baselines baselines;
  private final @Nullable Prometheus prometheus;

  public Spikes(ErrorBounds bounds, Baselines baselines, Optional<Prometheus> prometheus) {
    this.bounds = bounds;
    this.baselines = baselines;
    this.prometheus = prometheus.orElse(null);
  }

  /// What is thought of one rate.
  public record Judged(boolean spike, String text) {}

  /// What was kept, or the reason why it is not known.
  public Asked<Baselines.Known> kept() {
    try {
      return new Asked.Answered<>(baselines.newest());
    } catch (ChrysalisException e) {
      if (e.code().category() == Category.INTERRUPTED) {
        throw e;
      }
      return new Asked.Unanswered<>("the vault cannot be read: " + e.code());
    }
  }

  /// Judges the rate of one kind of errors of one service.
  public Judged judge(String service, ErrorKind kind, Rate now, Asked<Baselines.Known> kept) {
    Before before = before(service, kind, kept);
    double bound = kind.bound(bounds);
    double most =
        before.perMinute().isPresent()
            ? Math.max(bounds.times() * before.perMinute().getAsDouble(), bound / 2)
            : bound;
    boolean spike = now.count() >= FEWEST && now.perMinute() > most;
    String compared =
        before.perMinute().isPresent()
            ? "before %s/min (%s)".formatted(number(before.perMinute().getAsDouble()), before.how())
            : "nothing to compare with (%s), bound %s/min".formatted(before.how(), number(most));
    return new Judged(
        spike,
        "%s: %s %s in %s by %s, %s/min; %s"
            .formatted(
                service,
                number(now.count()),
                kind.words(),
                Durations.show(now.time()),
                now.by(),
                number(now.perMinute()),
                compared));
  }

  private Before before(String service, ErrorKind kind, Asked<Baselines.Known> kept) {
    return switch (kept) {
      case Asked.Answered<Baselines.Known>(Baselines.Known known) ->
          known
              .of(service, kind)
              .orElseGet(() -> otherwise(service, kind, "no look while well was kept"));
      case Asked.Unanswered<Baselines.Known>(String why) -> otherwise(service, kind, why);
    };
  }

  private Before otherwise(String service, ErrorKind kind, String unknown) {
    return switch (kind) {
      case REQUESTS -> aDayBefore(service, unknown);
      case LINES -> new Before(OptionalDouble.empty(), unknown);
    };
  }

  private Before aDayBefore(String service, String unknown) {
    if (prometheus == null) {
      return new Before(OptionalDouble.empty(), unknown);
    }
    return switch (prometheus.serverErrorsADayBefore(service)) {
      case Asked.Answered<Double>(Double rate) ->
          new Before(OptionalDouble.of(rate), "Prometheus, a day before");
      case Asked.Unanswered<Double>(String why) ->
          new Before(OptionalDouble.empty(), unknown + "; " + why);
    };
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.1f", value);
  }
}
