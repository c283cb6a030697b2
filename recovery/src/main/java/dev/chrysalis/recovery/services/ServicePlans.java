package dev.chrysalis.recovery.services;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Service;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.recovery.store.StorePlans;
import dev.chrysalis.workloads.AwaitService;
import dev.chrysalis.workloads.KeepEvidence;
import dev.chrysalis.workloads.PlanFrame;
import dev.chrysalis.workloads.PointClients;
import dev.chrysalis.workloads.StartService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which steps bring services back: alone, or after the datastores that they need. Evidence first;
/// what is independent runs side by side; the checklist last. Pure.
///
/// @param primaries by datastore, who takes writes now, where somebody does
public record ServicePlans(Stack stack, Map<String, MemberId> primaries) {
  /// The step that looks again, under the lease, whether the plan fits the services.
  public static final String CONFIRM = "confirm-services";

  private static final String EVIDENCE = "keep-services-evidence";

  /// The plan for services while every datastore serves.
  ///
  /// @param found all services, in their order
  public Plan services(String scenario, List<ServiceSituation> found) {
    List<Step> steps = new ArrayList<>(begin(found, List.of(), true));
    steps.addAll(new ServiceSteps(stack, primaries, CONFIRM).of(found, Map.of()));
    steps.add(PlanFrame.verify(steps));
    return new Plan(
        scenario, stack.name(), summary(found), "nothing", stack.objectives().service(), steps);
  }

  /// The plans of datastores with what the services need besides, each after what it needs. A
  /// client of a datastore that has a bad release is rolled back before it is told of the primary;
  /// a service that the plans only wait for is waited for once, after what it needs itself.
  ///
  /// @param scenario what all of it is called
  public Plan with(StorePlans stores, String scenario, List<ServiceSituation> found) {
    List<ServiceSituation> added =
        found.stream().filter(s -> s.troubled() && !isHandled(stores.plan(), s)).toList();
    Plan plan = withoutWaits(stores.plan(), added);
    List<ServiceSituation> bad =
        found.stream()
            .filter(s -> s.state() instanceof ServiceState.BadRelease && isHandled(plan, s))
            .toList();
    if (added.isEmpty() && bad.isEmpty()) {
      return plan;
    }
    List<ServiceSituation> seenTo = Stream.concat(added.stream(), bad.stream()).toList();
    List<Step> steps = new ArrayList<>();
    for (Step step : plan.steps()) {
      if (!step.id().equals(PlanFrame.VERIFY)) {
        steps.add(afterRollBack(step, bad));
      }
      if (step.id().equals(PlanFrame.CONFIRM)) {
        steps.addAll(begin(seenTo, List.of(PlanFrame.CONFIRM), false));
        bad.forEach(s -> steps.add(rollBack(s)));
      }
    }
    steps.addAll(
        new ServiceSteps(stack, primaries, CONFIRM)
            .of(found, served(plan, stores.protects(), found)));
    steps.add(PlanFrame.verify(steps));
    return new Plan(
        scenario,
        plan.stack(),
        plan.summary() + " " + summary(seenTo),
        plan.expectedLoss(),
        plan.objective(),
        steps);
  }

  private static Step rollBack(ServiceSituation situation) {
    return ServiceSteps.back(
        situation.view().service(), (ServiceState.BadRelease) situation.state(), List.of(CONFIRM));
  }

  /// The step, after the roll-back of the service that it starts or tells of the primary.
  private static Step afterRollBack(Step step, List<ServiceSituation> bad) {
    return bad.stream()
        .filter(s -> brings(step) && isOf(step, s.view().service()))
        .findFirst()
        .map(s -> step.alsoAfter(rollBack(s).id()))
        .orElse(step);
  }

  /// By name, the steps of a datastore's plan after which the datastore serves, and its clients do.
  private static Map<String, Set<String>> served(
      Plan plan, Map<String, String> protects, List<ServiceSituation> found) {
    Map<String, Set<String>> served = new HashMap<>();
    protects.forEach((store, step) -> served.put(store, serving(plan.steps(), step)));
    for (ServiceSituation situation : found) {
      if (isHandled(plan, situation)) {
        served.put(
            situation.service(),
            plan.steps().stream()
                .filter(step -> isOf(step, situation.view().service()))
                .map(Step::id)
                .collect(Collectors.toSet()));
      }
    }
    return served;
  }

  /// The steps after which the datastore serves: its backup waits for these and nothing else. A
  /// plan without one leaves the primary alone.
  private static Set<String> serving(List<Step> steps, String protects) {
    return steps.stream()
        .filter(s -> s.id().equals(protects))
        .findFirst()
        .map(Step::after)
        .orElse(Set.of());
  }

  private static boolean isHandled(Plan plan, ServiceSituation situation) {
    // To be pointed at another primary brings back what hangs, but nothing that has no members.
    boolean away = situation.state() instanceof ServiceState.ScaledAway;
    return plan.steps().stream()
        .filter(step -> isOf(step, situation.view().service()) && brings(step))
        .anyMatch(step -> !away || step.action().equals(StartService.NAME));
  }

  private static boolean brings(Step step) {
    return step.action().equals(PointClients.NAME) || step.action().equals(StartService.NAME);
  }

  /// The plan without its waits for these services; what came after them comes after what they came
  /// after.
  private static Plan withoutWaits(Plan plan, List<ServiceSituation> services) {
    Map<String, Set<String>> gone = new HashMap<>();
    List<Step> steps = new ArrayList<>();
    for (Step step : plan.steps()) {
      boolean waits =
          step.action().equals(AwaitService.NAME)
              && services.stream().anyMatch(s -> isOf(step, s.view().service()));
      Step own = step;
      for (String before : step.after()) {
        own = gone.containsKey(before) ? instead(own, before, gone.get(before)) : own;
      }
      if (waits) {
        gone.put(step.id(), own.after());
      } else {
        steps.add(own);
      }
    }
    return new Plan(
        plan.scenario(),
        plan.stack(),
        plan.summary(),
        plan.expectedLoss(),
        plan.objective(),
        steps);
  }

  private static Step instead(Step step, String gone, Set<String> before) {
    Set<String> after = new HashSet<>(step.after());
    after.remove(gone);
    after.addAll(before);
    return new Step(
        step.id(),
        step.title(),
        step.action(),
        step.parameters(),
        step.kind(),
        step.destructive(),
        after,
        step.expected(),
        step.deadline(),
        step.undoGroup());
  }

  private static boolean isOf(Step step, Service service) {
    return service.workload().equals(step.parameters().get("workload"));
  }

  private static List<Step> begin(
      List<ServiceSituation> found, List<String> after, boolean refusing) {
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
        Step.named(CONFIRM)
            .title("Look again whether the plan fits the services")
            .action(ConfirmServices.NAME)
            .with("remedies", ConfirmServices.text(found))
            .with(ConfirmServices.REFUSING, Boolean.toString(refusing))
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
