package dev.chrysalis.recovery.forecast;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.Finding;
import dev.chrysalis.model.Finding.Severity;
import dev.chrysalis.model.stack.Durations;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// How long the recovery from a scenario would take now.
///
/// @param runs how many runs the expectation comes from; 0 where it is assumed
public record ScenarioForecast(String scenario, Duration expected, Duration objective, int runs) {
  /// @param runs how many runs the plan's times come from
  public static ScenarioForecast of(Plan plan, int runs) {
    return new ScenarioForecast(plan.scenario(), plan.expected(), plan.objective(), runs);
  }

  /// Whether it would take longer than it may.
  public boolean late() {
    return expected.compareTo(objective) > 0;
  }

  /// What is to be told before anything breaks.
  public Optional<Finding> finding(String datastore) {
    if (!late()) {
      return Optional.empty();
    }
    return Optional.of(
        new Finding(
            "forecast-late",
            Severity.WARNING,
            datastore,
            datastore + ": " + this,
            Map.of("scenario", scenario, "runs", Integer.toString(runs))));
  }

  @Override
  public String toString() {
    return "%s would take %s, objective %s (%s)"
        .formatted(
            scenario,
            Durations.show(expected),
            Durations.show(objective),
            runs == 0 ? "assumed, no run has shown it" : "by " + runs + " runs");
  }
}
