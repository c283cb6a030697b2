package dev.chrysalis.recovery.store;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.workloads.Parameters;
import dev.chrysalis.workloads.PlanFrame;
import dev.chrysalis.workloads.PointClients;
import dev.chrysalis.workloads.StartService;
import dev.chrysalis.workloads.StopService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The plans of several datastores as one: they do not wait for each other, and the checklist comes
/// once, after all of them. Steps of the first plan keep their names; those of the others begin
/// with the name of their datastore, also where parameters speak of them (by convention those that
/// end in `-from` or `-by`). Pure.
///
/// @param plan all of it
/// @param protects by datastore, the step that protects it again; what that waits for is what makes
///   the datastore serve
public record StorePlans(Plan plan, Map<String, String> protects) {
  private static final Set<String> HANDLING =
      Set.of(StopService.NAME, StartService.NAME, PointClients.NAME);

  public StorePlans {
    protects = Map.copyOf(protects);
  }

  /// The plan of one datastore.
  public static StorePlans of(String datastore, Plan plan) {
    return new StorePlans(plan, Map.of(datastore, PlanFrame.PROTECT));
  }

  /// One plan of several.
  ///
  /// @param plans by datastore, at least one, in the order in which they are told
  public static StorePlans of(Map<String, Plan> plans) {
    List<Step> steps = new ArrayList<>();
    Map<String, String> protects = new LinkedHashMap<>();
    for (Map.Entry<String, Plan> each : plans.entrySet()) {
      String prefix = steps.isEmpty() ? "" : each.getKey() + "-";
      protects.put(each.getKey(), prefix + PlanFrame.PROTECT);
      steps.addAll(renamed(each.getValue().steps(), prefix));
    }
    List<Plan> all = List.copyOf(plans.values());
    if (all.size() > 1) {
      steps.add(PlanFrame.verify(steps));
    } else {
      steps = new ArrayList<>(all.getFirst().steps());
    }
    Plan plan =
        new Plan(
            all.getFirst().scenario(),
            all.getFirst().stack(),
            said(all, Plan::summary, " "),
            said(all, Plan::expectedLoss, "; "),
            all.stream().map(Plan::objective).max(Duration::compareTo).orElseThrow(),
            steps);
    return new StorePlans(plan, protects);
  }

  /// Whether two plans stop, start or point the same service: side by side, one would start it
  /// while the other needs it stopped.
  public static boolean disturb(Plan one, Plan other) {
    return !Collections.disjoint(handled(one), handled(other));
  }

  private static Set<String> handled(Plan plan) {
    return plan.steps().stream()
        .filter(step -> HANDLING.contains(step.action()))
        .map(step -> Parameters.of(step, "workload"))
        .collect(Collectors.toSet());
  }

  /// The same, with what it does not bring back in its summary.
  public StorePlans leaving(List<String> left) {
    String summary =
        Stream.concat(Stream.of(plan.summary()), left.stream()).collect(Collectors.joining(" "));
    Plan told =
        new Plan(
            plan.scenario(),
            plan.stack(),
            summary,
            plan.expectedLoss(),
            plan.objective(),
            plan.steps());
    return new StorePlans(told, protects);
  }

  private static String said(List<Plan> plans, Function<Plan, String> what, String between) {
    return plans.stream().map(what).distinct().collect(Collectors.joining(between));
  }

  /// All but the checklist.
  private static List<Step> renamed(List<Step> steps, String prefix) {
    Set<String> own = steps.stream().map(Step::id).collect(Collectors.toSet());
    UnaryOperator<String> name = id -> own.contains(id) ? prefix + id : id;
    return steps.stream()
        .filter(step -> !step.id().equals(PlanFrame.VERIFY))
        .map(step -> renamed(step, name, prefix))
        .toList();
  }

  private static Step renamed(Step step, UnaryOperator<String> name, String prefix) {
    Map<String, String> parameters = new TreeMap<>();
    step.parameters()
        .forEach(
            (key, value) -> parameters.put(key, speaksOfSteps(key) ? name.apply(value) : value));
    // What fails in one datastore gives nothing of another one back.
    String group = step.undoneTogether().map(prefix::concat).orElse(null);
    return new Step(
        name.apply(step.id()),
        step.title(),
        step.action(),
        parameters,
        step.kind(),
        step.destructive(),
        step.after().stream().map(name).collect(Collectors.toSet()),
        step.expected(),
        step.deadline(),
        group);
  }

  private static boolean speaksOfSteps(String parameter) {
    return parameter.endsWith("-from") || parameter.endsWith("-by");
  }
}
