package dev.chrysalis.recovery.services;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Service;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.postgres.control.ProtectAgain;
import dev.chrysalis.workloads.KeepEvidence;
import dev.chrysalis.workloads.PlanFrame;
import dev.chrysalis.workloads.StartService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which steps bring services back: alone, or after the datastores that they need. Evidence first;
/// what is independent runs side by side; the checklist last. Pure.
///
/// @param primaries by datastore, who takes writes now, where somebody does
public record ServicePlans(Stack stack, Map<String, MemberId> primaries) {
  private static final String EVIDENCE = "keep-services-evidence";
  private static final String BEGIN = "confirm-services";

  /// The plan for services while every datastore serves.
  ///
  /// @param found all services, in their order
  public Plan services(String scenario, List<ServiceSituation> found) {
    List<Step> steps = new ArrayList<>(begin(found, List.of(), Set.of()));
    ServiceSteps made = new ServiceSteps(stack, primaries, BEGIN);
    steps.addAll(made.of(found, Map.of()));
    steps.add(PlanFrame.verify(steps));
    return new Plan(
        scenario, stack.name(), summary(found), "nothing", stack.objectives().service(), steps);
  }

  /// The plan of a datastore with what the services need besides, each after what it needs.
  ///
  /// @param scenario what all of it is called
  /// @param store the datastore's name
  public Plan with(Plan plan, String scenario, String store, List<ServiceSituation> found) {
    List<ServiceSituation> left =
        found.stream().filter(s -> s.troubled() && !isHandled(plan, s)).toList();
    if (left.isEmpty()) {
      return plan;
    }
    List<Step> steps =
        new ArrayList<>(
            plan.steps().stream().filter(s -> !s.id().equals(PlanFrame.VERIFY)).toList());
    Set<String> serving = serving(steps);
    steps.addAll(begin(left, List.of(PlanFrame.CONFIRM), Set.of(store)));
    steps.addAll(new ServiceSteps(stack, primaries, BEGIN).of(left, Map.of(store, serving)));
    steps.add(PlanFrame.verify(steps));
    return new Plan(
        scenario,
        plan.stack(),
        plan.summary() + " " + summary(left),
        plan.expectedLoss(),
        plan.objective(),
        steps);
  }

  /// The steps after which the datastore serves: its backup waits for these and nothing else. A
  /// plan without one leaves the primary alone.
  private static Set<String> serving(List<Step> steps) {
    return steps.stream()
        .filter(s -> s.action().equals(ProtectAgain.NAME))
        .findFirst()
        .map(Step::after)
        .orElse(Set.of());
  }

  private boolean isHandled(Plan plan, ServiceSituation situation) {
    Service service = situation.view().service();
    // To be pointed at another primary brings back what hangs, but nothing that has no members.
    boolean away = situation.state() instanceof ServiceState.ScaledAway;
    return plan.steps().stream()
        .filter(step -> service.workload().equals(step.parameters().get("workload")))
        .anyMatch(step -> !away || step.action().equals(StartService.NAME));
  }

  private List<Step> begin(List<ServiceSituation> found, List<String> after, Set<String> broken) {
    List<String> workloads = found.stream().map(s -> s.view().service().workload()).toList();
    Step evidence =
        Step.named(EVIDENCE)
            .title("Keep state, events and last logs of the services as evidence")
            .action(KeepEvidence.NAME)
            .with("workloads", String.join(",", workloads))
            .after(after)
            .expected(Duration.ofSeconds(1))
            .deadline(Duration.ofMinutes(1))
            .build();
    Step confirm =
        Step.named(BEGIN)
            .title("Look again whether the plan fits the services")
            .action(ConfirmServices.NAME)
            .with("remedies", ConfirmServices.text(found))
            .with("broken", String.join(",", broken))
            .after(EVIDENCE)
            .expected(Duration.ofSeconds(2))
            .deadline(Duration.ofMinutes(1))
            .build();
    return List.of(evidence, confirm);
  }

  private static String summary(List<ServiceSituation> found) {
    List<String> parts =
        found.stream()
            .filter(ServiceSituation::troubled)
            .map(s -> words(s.state().remedy()) + " " + s.service())
            .toList();
    String text = String.join(", ", parts) + ".";
    return text.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + text.substring(1);
  }

  static String words(Remedy remedy) {
    return switch (remedy) {
      case RESTART -> "restart";
      case ROLL_BACK -> "roll back";
      case AWAIT, NONE -> "await";
      case SCALE_UP -> "start";
    };
  }
}
