package dev.chrysalis.workloads;

import dev.chrysalis.engine.Step;
import java.time.Duration;
import java.util.List;

/// What plans have in common whatever they recover: which step all changes come after, and the
/// checklist at the end. Pure.
public final class PlanFrame {
  /// The step that looks again, under the lease, whether the plan fits what is there.
  public static final String CONFIRM = "confirm";

  /// The step that goes through the checklist.
  public static final String VERIFY = "verify";

  /// The name of that step's action.
  public static final String CHECKLIST = "checklist.verify";

  private PlanFrame() {}

  /// Goes through the checklist after all of these steps.
  public static Step verify(List<Step> steps) {
    return Step.named(VERIFY)
        .title("Go through the checklist")
        .action(CHECKLIST)
        .after(ends(steps))
        .expected(Duration.ofSeconds(8))
        .deadline(Duration.ofMinutes(5))
        .build();
  }

  /// The steps that no other waits for; all others come before these.
  public static List<String> ends(List<Step> steps) {
    return steps.stream()
        .map(Step::id)
        .filter(id -> steps.stream().noneMatch(s -> s.after().contains(id)))
        .toList();
  }
}
