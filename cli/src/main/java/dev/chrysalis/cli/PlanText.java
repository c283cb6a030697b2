package dev.chrysalis.cli;

import dev.chrysalis.engine.Actions;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepKind;
import dev.chrysalis.model.stack.Durations;

/// A plan for people: as a table, or as a runbook for hands, made from the same steps.
public final class PlanText {
  private PlanText() {}

  /// What will be done, what it destroys, how long it takes, what will be lost.
  public static String table(Plan plan) {
    Columns columns = new Columns().row("", "STEP", "EXPECTED", "AFTER", "");
    for (Step s : plan.steps()) {
      columns.row(
          s.needsApproval() ? "!" : " ",
          s.title(),
          Durations.show(s.expected()),
          String.join(", ", s.after()),
          risk(s));
    }
    return """
    scenario        %s
    what            %s
    expected        %s (objective %s)
    will be lost    %s

    %s
    """
        .formatted(
            plan.scenario(),
            plan.summary(),
            Durations.show(plan.expected()),
            Durations.show(plan.objective()),
            plan.expectedLoss(),
            columns);
  }

  /// A runbook for hands.
  public static String markdown(Plan plan, Actions actions) {
    StringBuilder text = new StringBuilder();
    text.append("# ").append(plan.scenario()).append(" of ").append(plan.stack()).append("\n\n");
    text.append(plan.summary()).append("\n\n");
    text.append("- Expected: ").append(Durations.show(plan.expected()));
    text.append(" (objective ").append(Durations.show(plan.objective())).append(")\n");
    text.append("- Will be lost: ").append(plan.expectedLoss()).append("\n");
    text.append("- No command needs a terminal. `export NAMESPACE=").append(plan.stack());
    text.append("` first.\n");
    return text.append(steps(plan, actions)).toString();
  }

  /// What a person would do, step by step.
  static String steps(Plan plan, Actions actions) {
    StringBuilder text = new StringBuilder();
    int number = 0;
    for (Step step : plan.steps()) {
      number++;
      text.append("\n## ").append(number).append(". ").append(step.title()).append("\n\n");
      if (step.needsApproval()) {
        text.append("**").append(risk(step)).append("**\n\n");
      }
      if (!step.after().isEmpty()) {
        text.append("After: ").append(String.join(", ", step.after())).append(".\n\n");
      }
      text.append("```sh\n");
      actions.get(step.action()).byHand(step).forEach(c -> text.append(c).append('\n'));
      text.append("```\n");
    }
    return text.toString();
  }

  private static String risk(Step step) {
    if (step.kind() == StepKind.POINT_OF_NO_RETURN) {
      return "point of no return";
    }
    return step.destructive() ? "takes data away" : "";
  }
}
