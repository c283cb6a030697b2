package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepBuilder;
import dev.chrysalis.engine.StepKind;
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

/// The steps that the plans of a Redis datastore have in common. Pure.
///
/// @param found the situation that the plans are for
/// @param state what was seen when it was found
record RedisSteps(
    Stack stack,
    Datastore store,
    RedisGroup group,
    Situation found,
    RedisState state,
    RedisPlans.Forecast forecast,
    ClientSteps clients) {
  /// How long a server may take to load its data.
  static final Duration LOADS_WITHIN = Duration.ofHours(1);

  /// How far a replica that joins a serving master may be behind it.
  private static final long SERVING_LAG = 1 << 20;

  /// What a plan for the situation begins with: evidence is kept, and what it was made for is seen
  /// again under the lease.
  ///
  /// @param old in whose place the Sentinels may make another the master meanwhile
  List<Step> begin(List<MemberId> old) {
    StepBuilder confirm = PlanFrame.confirm(ConfirmSituation.NAME, Gist.of(found, state));
    if (!old.isEmpty()) {
      confirm.with(ConfirmSituation.FAILED_OVER, MemberSteps.names(old));
    }
    return begin(confirm);
  }

  /// The same of a plan that brings the whole store back.
  List<Step> beginWhole() {
    return begin(PlanFrame.confirm(ConfirmSituation.NAME, Gist.ofWholeStore(found, state)));
  }

  private List<Step> begin(StepBuilder confirm) {
    List<String> workloads = new ArrayList<>(List.of(group.servers(), group.sentinels()));
    workloads.addAll(clients.allWorkloads());
    return List.of(PlanFrame.keepEvidence(workloads), confirm.with(group.parameters()).build());
  }

  /// A step of this datastore.
  StepBuilder step(String id, String action) {
    return Step.named(id).action(action).with(group.parameters());
  }

  /// The same, of one member.
  StepBuilder step(String verb, MemberId member, String action) {
    return step(verb + "-" + member, action).with("member", member.toString());
  }

  StepBuilder configure(MemberId member, ConfigureMember.Role role, String title) {
    return step("configure", member, ConfigureMember.NAME)
        .title(title)
        .with(ConfigureMember.ROLE, role.word())
        .expected(Duration.ofSeconds(1));
  }

  /// Makes a fenced member a replica: its volume is set aside where it is of no use, its
  /// configuration written, and it is started.
  ///
  /// @param master who leads by then
  void rejoin(
      List<Step> steps,
      MemberId member,
      boolean aside,
      Map<String, String> master,
      List<String> after) {
    List<String> before = new ArrayList<>(after);
    before.add("fence-" + member);
    if (aside) {
      Step setAside = MemberSteps.setAside(member, before).build();
      steps.add(setAside);
      before = List.of(setAside.id());
    }
    String title = "Write into its configuration that " + member + " follows the master";
    Step configure =
        configure(member, ConfigureMember.Role.FOLLOW, title).with(master).after(before).build();
    steps.add(configure);
    steps.add(join(member, master, configure.id()));
  }

  Step join(MemberId member, Map<String, String> master, String after) {
    return step("join", member, JoinReplica.NAME)
        .title("Start " + member + " and wait until it has what the master has")
        .with(master)
        .with(JoinReplica.LAG, Long.toString(SERVING_LAG))
        .after(after)
        .expected(Duration.ofSeconds(5))
        .deadline(Duration.ofHours(3))
        .build();
  }

  Step fence(MemberId member, List<String> after) {
    return MemberSteps.fence(member, "Stop " + member + " and keep it stopped", after.getFirst())
        .after(after)
        .build();
  }

  List<MemberId> sentinels() {
    return state.sentinels().stream().map(SentinelView::id).toList();
  }

  /// The Sentinels that are known not to run.
  List<MemberId> sentinelsDown() {
    return state.sentinels().stream().filter(SentinelView::down).map(SentinelView::id).toList();
  }

  /// Makes all Sentinels, which are fenced, watch the master and nothing else, and starts them.
  /// Returns the last step.
  String watch(List<Step> steps, Map<String, String> master, List<String> after) {
    List<String> configured = new ArrayList<>(after);
    for (MemberId sentinel : sentinels()) {
      List<String> before = new ArrayList<>(after);
      before.add("fence-" + sentinel);
      Step configure =
          configure(
                  sentinel,
                  ConfigureMember.Role.WATCH,
                  "Make " + sentinel + " forget whom it knew and watch the master")
              .with(master)
              .after(before)
              .build();
      steps.add(configure);
      configured.add(configure.id());
    }
    steps.add(awaitSentinels(sentinels(), master, configured));
    return steps.getLast().id();
  }

  Step awaitSentinels(List<MemberId> started, Map<String, String> master, List<String> after) {
    return step("await-sentinels", AwaitSentinels.NAME)
        .title("Start the Sentinels and wait until they name the master and can fail over")
        .with(master)
        .with(AwaitSentinels.START, MemberSteps.names(started))
        .after(after)
        .expected(Duration.ofSeconds(5))
        .deadline(Duration.ofMinutes(5))
        .build();
  }

  /// Restarts Sentinels that do not run, and waits for them. Returns the last step.
  Step restartSentinels(
      List<Step> steps, List<MemberId> down, Map<String, String> master, String after) {
    List<String> restarted = new ArrayList<>();
    for (MemberId sentinel : down) {
      Step restart =
          MemberSteps.restart(sentinel, "Restart the Sentinel " + sentinel, after).build();
      steps.add(restart);
      restarted.add(restart.id());
    }
    Step await = awaitSentinels(down, master, restarted);
    steps.add(await);
    return await;
  }

  StepBuilder stateLoss(Map<String, String> what, String after) {
    return step("state-loss", StateLoss.NAME)
        .title("State what is lost")
        .with(what)
        .after(after)
        .expected(Duration.ofSeconds(1));
  }

  /// A fresh base, the log shipped behind it, and the checklist.
  void end(List<Step> steps, Map<String, String> master, List<String> served) {
    Step protect =
        step("protect", ProtectAgain.NAME)
            .title("Take a fresh base of the master")
            .with(master)
            .after(served)
            .expected(forecast.backup())
            .deadline(Duration.ofHours(12))
            .build();
    steps.add(protect);
    steps.add(
        step("await-log", AwaitLog.NAME)
            .title("Wait until the log is shipped behind it")
            .with(master)
            .after(protect.id())
            .expected(Duration.ofSeconds(5))
            .deadline(Duration.ofMinutes(10))
            .build());
    steps.add(PlanFrame.verify(steps));
  }

  StepBuilder pointOfNoReturn(String id, String action) {
    return step(id, action).kind(StepKind.POINT_OF_NO_RETURN).expected(Duration.ofSeconds(2));
  }

  Plan plan(String scenario, String summary, String loss, List<Step> steps) {
    return plan(scenario, summary, loss, stack.objectives().database(), steps);
  }

  Plan plan(String scenario, String summary, String loss, Duration objective, List<Step> steps) {
    return new Plan(
        scenario,
        stack.name(),
        summary,
        loss,
        objective,
        steps.stream().map(s -> PlanFrame.asMeasured(s, forecast.measured())).toList());
  }
}
