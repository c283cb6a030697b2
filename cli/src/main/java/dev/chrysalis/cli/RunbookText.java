package dev.chrysalis.cli;

import dev.chrysalis.engine.Actions;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.model.stack.Objectives;
import dev.chrysalis.recovery.aftermath.Runbook;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Runbooks as Markdown: a page for each, and an index. There is nothing in them that changes while
/// the stack does not: how long a recovery would take now, `chrysalis status` says.
public final class RunbookText {
  private RunbookText() {}

  /// The pages by their files' names.
  public static Map<String, String> pages(
      String stack, Objectives objectives, List<Runbook> runbooks, Actions actions) {
    Map<String, String> pages = new TreeMap<>();
    runbooks.forEach(r -> pages.put(r.name() + ".md", page(r, actions)));
    if (pages.size() < runbooks.size()) {
      throw new IllegalArgumentException("two runbooks have one name: " + runbooks);
    }
    pages.put("README.md", index(stack, objectives, runbooks));
    return pages;
  }

  private static String page(Runbook runbook, Actions actions) {
    Plan plan = runbook.plan();
    String command =
        "chrysalis recover "
            + plan.scenario()
            + runbook.datastore().map(name -> " --datastore " + name).orElse("");
    String steps = PlanText.steps(plan, actions);
    // The moment is asked for where there is one; in commands it is the shell's to fill in.
    boolean target = steps.contains(Runbook.TARGET);
    return """
    # %s of %s

    %s

    - Objective: %s. How long it would take now: `chrysalis status`.
    - Will be lost: %s.
    - Chrysalis does all of this, and verifies it: `%s%s`.
    - By hand: no command needs a terminal. First `export NAMESPACE=%s`%s.
    %s\
    """
        .formatted(
            plan.scenario(),
            plan.stack(),
            plan.summary(),
            Durations.show(plan.objective()),
            plan.expectedLoss(),
            command,
            target ? " --to \"" + Runbook.TARGET + "\"" : "",
            plan.stack(),
            exports(steps),
            steps)
        .replace("--to name:" + Runbook.TARGET, "--to \"" + Runbook.TARGET + "\"")
        .replace("name:" + Runbook.TARGET, Runbook.TARGET)
        .replace("=" + Runbook.REVISION, "=\"" + Runbook.REVISION + "\"");
  }

  /// What a shell has to know besides: the steps do not find it out.
  private static String exports(String steps) {
    StringBuilder text = new StringBuilder();
    if (steps.contains(Runbook.TARGET)) {
      text.append("; `export TARGET=2026-11-23T02:15:30Z`, the moment");
    }
    if (steps.contains("$NEW_PRIMARY")) {
      text.append("; `export NEW_PRIMARY=…`, whom clients are to write to");
    }
    if (steps.contains(Runbook.REVISION)) {
      text.append("; for each service `export REVISION=…`, from its history");
    }
    return text.toString();
  }

  private static String index(String stack, Objectives objectives, List<Runbook> runbooks) {
    StringBuilder text = new StringBuilder();
    text.append("# Runbooks of ").append(stack).append("\n\n");
    text.append("At most ").append(Durations.show(objectives.recoveryPoint()));
    text.append(" of data may be lost. What is broken now: `chrysalis assess`; ");
    text.append("how fast a recovery would be: `chrysalis status`.\n\n");
    text.append("| Scenario | Objective | Will be lost | Runbook |\n| --- | --- | --- | --- |\n");
    for (Runbook r : runbooks) {
      text.append("| ").append(r.plan().scenario());
      text.append(" | ").append(Durations.show(r.plan().objective()));
      text.append(" | ").append(r.plan().expectedLoss());
      text.append(" | [").append(r.name()).append("](").append(r.name()).append(".md) |\n");
    }
    text.append(
        "\nAfter any of them: `chrysalis verify`, then `chrysalis report RUN --post-mortem`.\n");
    return text.toString();
  }
}
