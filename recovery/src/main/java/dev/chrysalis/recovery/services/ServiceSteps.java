package dev.chrysalis.recovery.services;

import dev.chrysalis.engine.Step;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Service;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.workloads.AwaitService;
import dev.chrysalis.workloads.PointClients;
import dev.chrysalis.workloads.RestartMember;
import dev.chrysalis.workloads.RollBackService;
import dev.chrysalis.workloads.StartService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The steps that bring services back, each after what it needs. Pure.
///
/// @param primaries by datastore, who takes writes now
/// @param begin the step that all of them come after
record ServiceSteps(Stack stack, Map<String, MemberId> primaries, String begin) {
  private static final Duration DEADLINE = Duration.ofMinutes(10);
  private static final Duration START = Duration.ofSeconds(15);

  /// @param found all services, in an order in which none comes before what it needs
  /// @param served by name, the steps of the same plan after which a datastore or service serves
  List<Step> of(List<ServiceSituation> found, Map<String, Set<String>> served) {
    List<Step> steps = new ArrayList<>();
    Map<String, Set<String>> after = new HashMap<>(served);
    for (ServiceSituation situation : found) {
      Service service = situation.view().service();
      Set<String> needs = new HashSet<>();
      service.needs().forEach(need -> needs.addAll(after.getOrDefault(need, Set.of())));
      if (served.containsKey(service.name())) {
        continue;
      }
      if (!situation.troubled()) {
        // It comes back with what it needs, and so do those that need it.
        after.put(service.name(), needs);
        continue;
      }
      needs.add(begin);
      List<Step> made = steps(service, situation.state(), List.copyOf(needs));
      steps.addAll(made);
      after.put(service.name(), last(made));
    }
    return steps;
  }

  private List<Step> steps(Service service, ServiceState state, List<String> after) {
    return switch (state) {
      case ServiceState.Well _, ServiceState.Waits _, ServiceState.Starting _ ->
          List.of(await(service, after));
      case ServiceState.Hung s -> restart(service, s.members(), after);
      case ServiceState.Ended s -> restart(service, s.members(), after);
      case ServiceState.NotReady s -> restart(service, s.members(), after);
      case ServiceState.BadRelease s -> rollBack(service, s, after);
      case ServiceState.ScaledAway s -> List.of(scaleUp(service, s.before(), after));
    };
  }

  private static List<Step> restart(Service service, List<MemberId> members, List<String> after) {
    List<Step> steps = new ArrayList<>();
    for (MemberId member : members) {
      steps.add(
          Step.named("restart-" + member)
              .title("Restart " + member)
              .action(RestartMember.NAME)
              .with("member", member.toString())
              .with(RestartMember.UNLESS_READY, "true")
              .after(after)
              .expected(START)
              .deadline(DEADLINE)
              .build());
    }
    // Others may have been on their way.
    steps.add(await(service, members.stream().map(m -> "restart-" + m).toList()));
    return steps;
  }

  private List<Step> rollBack(Service service, ServiceState.BadRelease state, List<String> after) {
    Step back = back(service, state, after);
    List<Step> steps = new ArrayList<>(List.of(back));
    String last = back.id();
    for (Datastore store : stack.datastores().values()) {
      // The older revision may still know where the primary was before a fail-over.
      Optional<Step> point = point(service, store, last);
      if (point.isPresent()) {
        steps.add(point.get());
        last = point.get().id();
      }
    }
    steps.add(await(service, List.of(last)));
    return steps;
  }

  /// Makes the release that was ready the current one; that it gets ready is for others.
  static Step back(Service service, ServiceState.BadRelease state, List<String> after) {
    return Step.named("roll-back-" + service.name())
        .title(
            "Roll %s back from revision %d to revision %d"
                .formatted(service.name(), state.revision(), state.good()))
        .action(RollBackService.NAME)
        .with("workload", service.workload())
        .with("revision", Integer.toString(state.good()))
        .with(RollBackService.FROM, Integer.toString(state.revision()))
        .after(after)
        .expected(Duration.ofSeconds(1))
        .deadline(Duration.ofMinutes(2))
        .build();
  }

  private Optional<Step> point(Service service, Datastore store, String after) {
    MemberId primary = primaries.get(store.name());
    if (primary == null) {
      return Optional.empty();
    }
    return store.clients().stream()
        .filter(client -> client.service().equals(service.name()))
        .findFirst()
        .map(client ->
            Step.named("point-" + service.name() + "-at-" + store.name())
                .title("Point " + service.name() + " at the primary of " + store.name())
                .action(PointClients.NAME)
                .with("workload", service.workload())
                .with("variable", client.variable())
                .with("primary", primary.toString())
                .after(after)
                .expected(START)
                .deadline(DEADLINE)
                .build());
  }

  private static Step scaleUp(Service service, KnownReplicas before, List<String> after) {
    return Step.named("start-" + service.name())
        .title("Start " + service.name() + " with " + replicas(before) + ", as " + before.source())
        .action(StartService.NAME)
        .with("workload", service.workload())
        .with("replicas", Integer.toString(before.count()))
        .after(after)
        .expected(START)
        .deadline(DEADLINE)
        .build();
  }

  private static String replicas(KnownReplicas before) {
    return before.count() + (before.count() == 1 ? " replica" : " replicas");
  }

  private static Step await(Service service, List<String> after) {
    return Step.named("await-" + service.name())
        .title("Wait until " + service.name() + " is ready")
        .action(AwaitService.NAME)
        .with("workload", service.workload())
        .with("patience", service.startsWithin().toString())
        .after(after)
        .expected(START)
        .deadline(DEADLINE)
        .build();
  }

  private static Set<String> last(List<Step> made) {
    return Set.of(made.getLast().id());
  }
}
