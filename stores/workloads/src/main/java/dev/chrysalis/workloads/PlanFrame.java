package dev.chrysalis.workloads;

import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What plans have in common whatever they recover: which step all changes come after, and the
/// checklist at the end. Pure.
public final class PlanFrame {
  /// The step that looks again, under the lease, whether the plan fits what is there.
  public static final String CONFIRM = "confirm";

  /// The step after which a datastore is protected again; a plan without one leaves alone who takes
  /// writes. What it waits for is what makes the datastore serve.
  public static final String PROTECT = "protect";

  /// The step that keeps evidence.
  public static final String EVIDENCE = "keep-evidence";

  /// The step that goes through the checklist.
  public static final String VERIFY = "verify";

  /// The name of that step's action.
  public static final String CHECKLIST = "checklist.verify";

  private PlanFrame() {}

  /// Keeps what these workloads show as evidence, before anything else.
  public static Step keepEvidence(List<String> workloads) {
    return Step.named(EVIDENCE)
        .title("Keep state, events and last logs as evidence")
        .action(KeepEvidence.NAME)
        .with("workloads", String.join(",", workloads))
        .expected(Duration.ofSeconds(1))
        .deadline(Duration.ofMinutes(1))
        .build();
  }

  /// Looks again whether the plan fits what is there, with a `SecondLook`.
  ///
  /// @param gist what the plan was made for, in words
  public static StepBuilder confirm(String action, String gist) {
    return Step.named(CONFIRM)
        .title("Look again whether the plan fits what is there")
        .action(action)
        .with(SecondLook.SITUATION, gist)
        .after(EVIDENCE)
        .expected(Duration.ofSeconds(2))
        // What is being started, or does not answer, is waited for.
        .deadline(Duration.ofMinutes(5));
  }

  /// The same for a plan that brings the whole store back.
  public static StepBuilder confirm(String action, WholeStore made) {
    return confirm(action, made.text()).with(SecondLook.OF, SecondLook.WHOLE_STORE);
  }

  /// The step with the time that its action took in runs so far, where any has shown it.
  public static Step asMeasured(Step step, Map<String, Duration> measured) {
    return step.expecting(measured.getOrDefault(step.action(), step.expected()));
  }

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
