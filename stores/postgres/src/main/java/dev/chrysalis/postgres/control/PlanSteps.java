package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepBuilder;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.workloads.ClientSteps;
import dev.chrysalis.workloads.MemberSteps;
import dev.chrysalis.workloads.PlanFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The steps that the plans of a PostgreSQL datastore have in common. Pure.
///
/// @param found the situation that the plans are for
record PlanSteps(
    Stack stack,
    Datastore store,
    Situation found,
    PostgresPlans.Forecast forecast,
    ClientSteps clients) {
  void rebuild(List<Step> steps, MemberId member, Map<String, String> primary, List<String> after) {
    String aside = "set-aside-" + member;
    String restore = "restore-" + member;
    if (steps.stream().noneMatch(s -> s.id().equals("fence-" + member))) {
      throw new IllegalArgumentException(member + " is rebuilt without being fenced");
    }
    List<String> before = new ArrayList<>(after);
    before.add("fence-" + member);
    steps.add(MemberSteps.setAside(member, before).build());
    steps.add(
        restore(member, "Restore " + member + " as a standby from the vault", primary, aside)
            .build());
    steps.add(join(member, restore));
  }

  static Step salvage(MemberId member, String after) {
    return salvaging("salvage-" + member, member)
        .title("Bring the WAL that " + member + " never shipped to the vault")
        .after(after)
        .build();
  }

  static StepBuilder salvaging(String id, MemberId member) {
    return Step.named(id)
        .action(SalvageWal.NAME)
        .with("member", member.toString())
        .expected(Duration.ofSeconds(2))
        .deadline(Duration.ofMinutes(30));
  }

  /// @param what who serves now, and where it is known which timeline was left
  /// @param salvaged the steps that looked for the WAL of those who served before
  static Step stateLoss(String id, Map<String, String> what, List<String> salvaged, String after) {
    return Step.named(id)
        .title("State which commits are lost")
        .action(StateLoss.NAME)
        .with(what)
        .with("salvaged", String.join(",", salvaged))
        .after(after)
        .expected(Duration.ofSeconds(2))
        .deadline(Duration.ofMinutes(10))
        .build();
  }

  static Step join(MemberId member, String after) {
    return Step.named("join-" + member)
        .title("Start " + member + " and wait until it streams from the primary")
        .action(JoinReplica.NAME)
        .with("member", member.toString())
        .after(after)
        .expected(Duration.ofSeconds(5))
        .deadline(Duration.ofHours(3))
        .build();
  }

  StepBuilder restore(MemberId member, String title, Map<String, String> what, String after) {
    return Step.named("restore-" + member)
        .title(title)
        .action(RestoreMember.NAME)
        .with("member", member.toString())
        .with(what)
        .after(after)
        .expected(forecast.restore())
        .deadline(Duration.ofHours(12));
  }

  /// The last of these steps that bring the clients back, or where there are none, what comes
  /// before.
  static List<String> served(List<Step> clients, String before) {
    return clients.isEmpty() ? List.of(before) : PlanFrame.ends(clients);
  }

  /// What a plan for the situation begins with: evidence is kept, and what it was made for is seen
  /// again under the lease.
  List<Step> begin() {
    return begin(PlanFrame.confirm(ConfirmSituation.NAME, found.toString()));
  }

  /// The same of a plan that brings the whole store back.
  List<Step> beginWhole(List<MemberId> members) {
    return begin(PlanFrame.confirm(ConfirmSituation.NAME, Gist.ofWholeStore(found, members)));
  }

  private List<Step> begin(StepBuilder confirm) {
    List<String> workloads = new ArrayList<>(List.of(store.workload()));
    workloads.addAll(clients.workloads());
    return List.of(
        PlanFrame.keepEvidence(workloads), confirm.with("workload", store.workload()).build());
  }

  Step protect(Map<String, String> primary, List<String> after) {
    return Step.named(PlanFrame.PROTECT)
        .title("Take a fresh backup of the primary, log shipping running")
        .action(ProtectAgain.NAME)
        .with(primary)
        .after(after)
        .expected(forecast.backup())
        .deadline(Duration.ofHours(12))
        .build();
  }

  Plan plan(String scenario, String summary, String loss, List<Step> steps) {
    return new Plan(
        scenario,
        stack.name(),
        summary,
        loss,
        stack.objectives().database(),
        steps.stream().map(this::asMeasured).toList());
  }

  /// The step with the time that it took in runs so far, where any has shown it.
  Step asMeasured(Step step) {
    return PlanFrame.asMeasured(step, forecast.measured());
  }
}
