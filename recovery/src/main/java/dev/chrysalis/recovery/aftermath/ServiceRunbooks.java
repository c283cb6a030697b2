package dev.chrysalis.recovery.aftermath;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Service;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.recovery.Scenarios;
import dev.chrysalis.recovery.services.KnownReplicas;
import dev.chrysalis.recovery.services.ServiceOrder;
import dev.chrysalis.recovery.services.ServicePlans;
import dev.chrysalis.recovery.services.ServiceSituation;
import dev.chrysalis.recovery.services.ServiceState;
import dev.chrysalis.recovery.services.ServiceView;
import dev.chrysalis.recovery.store.StorePlans;
import dev.chrysalis.workloads.RollBackService;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The plans that healthy services may need one day. Pure: the same stack and members give the same
/// plans, whichever revision runs.
///
/// @param workloads by service, how it is there; who is missing here is in no plan
/// @param primaries by datastore, who stands for its primary
public record ServiceRunbooks(
    Stack stack, Map<String, Workload> workloads, Map<String, MemberId> primaries) {
  private static final String BAD_RELEASE = Scenarios.SERVICE_DOWN + "-bad-release";

  /// The runbooks for services alone: one for each remedy.
  public List<Runbook> all() {
    return workloads.isEmpty()
        ? List.of()
        : List.of(
            new Runbook(Scenarios.SERVICE_DOWN, restart()), new Runbook(BAD_RELEASE, rollBack()));
  }

  /// The plans of the datastores, and all services after them.
  Plan allDown(StorePlans stores) {
    return new ServicePlans(stack, primaries)
        .with(stores, Scenarios.ALL_DOWN, found(m -> new ServiceState.Ended(m, "")));
  }

  private Plan restart() {
    return saying(
        "Restart what hangs, is dead or is not ready, each after what it needs.",
        services(found(ServiceState.Hung::new)));
  }

  private Plan rollBack() {
    return saying(
        "Roll what does not come up with a new release or configuration back, each after what it"
            + " needs.",
        services(found(_ -> new ServiceState.BadRelease(2, 1))));
  }

  private Plan services(List<ServiceSituation> found) {
    return new ServicePlans(stack, primaries).services(Scenarios.SERVICE_DOWN, found);
  }

  /// All services stand in the plan; on the day it is some of them.
  private Plan saying(String what, Plan plan) {
    String all =
        ServiceOrder.of(stack).stream()
            .map(Service::name)
            .filter(workloads::containsKey)
            .collect(Collectors.joining(", "));
    return new Plan(
        plan.scenario(),
        plan.stack(),
        what + " The steps are there for " + all + "; leave out those of who is well.",
        plan.expectedLoss(),
        plan.objective(),
        plan.steps().stream().map(ServiceRunbooks::withoutRevision).toList());
  }

  /// Which revision was ready is known on the day only.
  private static Step withoutRevision(Step step) {
    if (!step.action().equals(RollBackService.NAME)) {
      return step;
    }
    Map<String, String> parameters = new TreeMap<>(step.parameters());
    parameters.put("revision", Runbook.REVISION);
    return new Step(
        step.id(),
        "Roll " + parameters.get("workload") + " back to the newest revision that was ready",
        step.action(),
        parameters,
        step.kind(),
        step.destructive(),
        step.after(),
        step.expected(),
        step.deadline(),
        step.undoGroup());
  }

  private List<ServiceSituation> found(Function<List<MemberId>, ServiceState> state) {
    return ServiceOrder.of(stack).stream()
        .filter(service -> workloads.containsKey(service.name()))
        .map(service -> situation(service, state))
        .toList();
  }

  private ServiceSituation situation(
      Service service, Function<List<MemberId>, ServiceState> state) {
    Workload workload = Objects.requireNonNull(workloads.get(service.name()));
    List<MemberId> members = workload.members().stream().map(Member::id).sorted().toList();
    return new ServiceSituation(
        service.name(),
        state.apply(members),
        new ServiceView(
            service,
            workload,
            new KnownReplicas.Unknown(),
            Set.of(),
            Set.of(),
            Set.of(),
            Instant.EPOCH));
  }
}
