package dev.chrysalis.engine;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One step of a plan, as data: what is done is looked up by the name of its action, so that any
/// machine, also of a later version, can go on with it. Made by `Step.named`.
///
/// @param id unique in the plan: `fence-postgres-0`
/// @param title what a person reads: `Fence the old primary postgres-0`
/// @param action the name of the `Action`
/// @param parameters what the action is told; no secrets
/// @param destructive whether it takes something away that the plan cannot give back
/// @param after the steps that must be done before
/// @param expected how long it should take
/// @param deadline how long it may take before it has failed
/// @param undoGroup the steps that stand or fall together, null where it is none of them; see
///   `undoneTogether`
public record Step(
    String id,
    String title,
    String action,
    Map<String, String> parameters,
    StepKind kind,
    boolean destructive,
    Set<String> after,
    Duration expected,
    Duration deadline,
    @Nullable String undoGroup) {
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,79}");

  public Step {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("not a step's name: " + id);
    }
    if (deadline.isNegative() || deadline.isZero()) {
      throw new IllegalArgumentException("step " + id + " has no deadline");
    }
    if (undoGroup != null && kind == StepKind.POINT_OF_NO_RETURN) {
      throw new IllegalArgumentException("step " + id + " has no way back, yet an undo group");
    }
    parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
    after = Collections.unmodifiableSet(new TreeSet<>(after));
  }

  /// Begins a step: `Step.named("stop-nexus").title("Stop nexus").action("platform.stop")…build()`.
  public static StepBuilder named(String id) {
    return new StepBuilder(id);
  }

  /// The same with another title.
  public Step titled(String other) {
    return new Step(
        id, other, action, parameters, kind, destructive, after, expected, deadline, undoGroup);
  }

  /// The same step with another expectation of how long it takes.
  public Step expecting(Duration time) {
    return new Step(
        id, title, action, parameters, kind, destructive, after, time, deadline, undoGroup);
  }

  /// The same step, after one more.
  public Step alsoAfter(String other) {
    Set<String> all = new TreeSet<>(after);
    all.add(other);
    return new Step(
        id, title, action, parameters, kind, destructive, all, expected, deadline, undoGroup);
  }

  /// Whether a person has to approve this step before it is done.
  public boolean needsApproval() {
    return destructive || kind == StepKind.POINT_OF_NO_RETURN;
  }

  /// The name of the steps that stand or fall together. When one of them fails, the run gives all
  /// of them back before it ends: the last of the plan first, `Action.giveBack` is called for those
  /// that had acted and are undoable, and all of them count as not done, so that a resumed run does
  /// them again, with the same choices. A restore puts the setting aside of the old data, the
  /// restore and its check into one group. Steps outside of the group stay as they are; those that
  /// build on the group should come after all of it.
  public Optional<String> undoneTogether() {
    return Optional.ofNullable(undoGroup);
  }
}
