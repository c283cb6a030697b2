package dev.chrysalis.engine;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// One step of a plan, as data: what is done is looked up by the name of its action, so that any
/// machine, also of a later version, can go on with it.
///
/// @param id unique in the plan: `fence-postgres-0`
/// @param title what a person reads: `Fence the old primary postgres-0`
/// @param action the name of the `Action`
/// @param parameters what the action is told; no secrets
/// @param destructive whether it takes something away that the plan cannot give back
/// @param after the steps that must be done before
/// @param expected how long it should take
/// @param deadline how long it may take before it has failed
public record Step(
    String id,
    String title,
    String action,
    Map<String, String> parameters,
    StepKind kind,
    boolean destructive,
    Set<String> after,
    Duration expected,
    Duration deadline) {
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,79}");

  public Step {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("not a step's name: " + id);
    }
    if (deadline.isNegative() || deadline.isZero()) {
      throw new IllegalArgumentException("step " + id + " has no deadline");
    }
    parameters = Map.copyOf(parameters);
    after = Set.copyOf(after);
  }

  /// Whether a person has to approve this step before it is done.
  public boolean needsApproval() {
    return destructive || kind == StepKind.POINT_OF_NO_RETURN;
  }
}
