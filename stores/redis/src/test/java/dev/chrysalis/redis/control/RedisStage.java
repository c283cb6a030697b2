package dev.chrysalis.redis.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Actions;
import dev.chrysalis.engine.Consent;
import dev.chrysalis.engine.Decisions;
import dev.chrysalis.engine.FaultyRecordStore;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.InMemoryRecordStore;
import dev.chrysalis.engine.Leases;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.RunOutcome;
import dev.chrysalis.engine.RunState;
import dev.chrysalis.engine.RunStatus;
import dev.chrysalis.engine.Runner;
import dev.chrysalis.engine.RunnerSettings;
import dev.chrysalis.engine.Runs;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.engine.StepProgress;
import dev.chrysalis.engine.Surroundings;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.platform.Fencing;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.job.Jobs;
import dev.chrysalis.workloads.AwaitService;
import dev.chrysalis.workloads.FenceMember;
import dev.chrysalis.workloads.KeepEvidence;
import dev.chrysalis.workloads.LeaseTelling;
import dev.chrysalis.workloads.MortalPlatform;
import dev.chrysalis.workloads.Mortality;
import dev.chrysalis.workloads.PlanFrame;
import dev.chrysalis.workloads.PointClients;
import dev.chrysalis.workloads.RestartMember;
import dev.chrysalis.workloads.SetVolumeAside;
import dev.chrysalis.workloads.SharedTime;
import dev.chrysalis.workloads.StartService;
import dev.chrysalis.workloads.StopService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A group that a disaster struck, the vault's records, and the controllers that answer it, one
/// after another.
final class RedisStage {
  private static final Pattern LOOK =
      Pattern.compile("redis, status|job, state|before (looking|events|log|fencing|volume|asides)");

  private final RedisDisaster disaster;
  private final SharedTime time = new SharedTime();
  private final FakeRedisGroup group = new FakeRedisGroup(time.clock());
  private final InMemoryRecordStore records = new InMemoryRecordStore();
  private final Plan plan;

  RedisStage(RedisDisaster disaster) {
    this.disaster = disaster;
    disaster.strike(group);
    RedisState state = look();
    this.plan = disaster.plan(situation(state), state);
  }

  RedisState look() {
    Platform platform = group.platform();
    return new RedisViews(platform, new RedisAgents(platform, new Jobs(platform)))
        .of("redis", Optional.of("redis-sentinel"));
  }

  Situation situation(RedisState state) {
    return Diagnosis.of(state, group.vault().past());
  }

  FakeRedisGroup group() {
    return group;
  }

  Plan plan() {
    return plan;
  }

  Action action(String name) {
    return actions(group.platform(), records, time.view()).get(name);
  }

  RunOutcome start() {
    return runner(Mortality.immortal()).start(plan, Consent.WHOLE_PLAN);
  }

  RunOutcome startAsking() {
    return runner(Mortality.immortal()).start(plan, Consent.STEP_BY_STEP);
  }

  RunOutcome resume() {
    return runner(Mortality.immortal()).resume(RedisDisaster.stack(), run());
  }

  RunOutcome abort() {
    return runner(Mortality.immortal()).abort(RedisDisaster.stack(), run());
  }

  /// Begins the run, or goes on with it where it was left.
  void goOn() {
    goOn(Mortality.immortal());
  }

  private void goOn(Mortality mortality) {
    if (runs().isEmpty()) {
      RunOutcome _ = runner(mortality).start(plan, Consent.WHOLE_PLAN);
    } else if (!state().isOver()) {
      approveAll();
      RunOutcome _ = runner(mortality).resume(RedisDisaster.stack(), run());
    }
  }

  /// Lets a mortal controller drive the run until its end or death; tells where death came.
  String live(Mortality mortality) {
    try {
      goOn(mortality);
      return "alive";
    } catch (Mortality.Killed e) {
      assertThat(mortality.died()).isTrue();
      time.expectNoHeart();
      return String.valueOf(e.getMessage());
    }
  }

  private void approveAll() {
    if (state().steps().stream().anyMatch(StepProgress::lacksApproval)) {
      new Decisions(records, surroundings(time.view()))
          .approve(RedisDisaster.stack(), run(), List.of(), "ana@bastion-1");
    }
  }

  RunState state() {
    return new Runs(records).load(RedisDisaster.stack(), run()).state();
  }

  Map<String, String> evidence(String step) {
    return state().step(step).evidence();
  }

  private List<String> runs() {
    return new Runs(records).list(RedisDisaster.stack());
  }

  private String run() {
    assertThat(runs()).hasSize(1);
    return runs().getFirst();
  }

  /// The end that is to be reached, whatever happened on the way.
  void assertRecovered(String how) {
    assertThat(group.violations()).as(how).isEmpty();
    assertThat(state().status()).as("%s: %s", how, state().steps()).isEqualTo(RunStatus.SUCCEEDED);
    MemberId master = disaster.master();
    assertThat(group.leaders()).as(how).containsExactly(master);
    assertThat(group.named()).as(how).contains(master);
    for (MemberId server : FakeRedisGroup.SERVERS) {
      assertThat(group.data(server))
          .as("%s: %s", how, server)
          .containsEntry("keys", disaster.keys());
      assertThat(server.equals(master) || group.follows(server, master))
          .as("%s: %s follows", how, server)
          .isTrue();
    }
    Stream.concat(FakeRedisGroup.SERVERS.stream(), FakeRedisGroup.SENTINELS.stream())
        .forEach(m ->
            assertThat(group.platform().fencing(m)).as(how).isInstanceOf(Fencing.NotFenced.class));
    assertClients(how, master);
    assertThat(group.keptOldData()).as(how).isTrue();
    assertThat(group.vault().accepted())
        .as(how)
        .isEqualTo(plan.steps().stream().anyMatch(s -> s.action().equals(AcceptRestored.NAME)));
    if (plan.steps().stream().anyMatch(s -> s.action().equals(ProtectAgain.NAME))) {
      assertThat(group.tasks().done()).as(how).contains("backup " + master);
    }
  }

  private void assertClients(String how, MemberId master) {
    for (String name : List.of(FakeRedisGroup.POINTED, FakeRedisGroup.ASKING)) {
      assertThat(group.platform().workload(name).settled()).as(how).isTrue();
      assertThat(group.platform().workload(name).replicas()).as(how).isPositive();
    }
    assertThat(group.address(master))
        .as(how)
        .startsWith(
            group
                .platform()
                .workload(FakeRedisGroup.POINTED)
                .environment()
                .get(FakeRedisGroup.VARIABLE));
  }

  private Surroundings surroundings(SharedTime.View view) {
    return new Surroundings(time.clock(), view.ticker(), new Random());
  }

  private Runner runner(Mortality mortality) {
    SharedTime.View view = time.view();
    RecordStore mortal =
        new FaultyRecordStore(
            new LeaseTelling(records, time), LeaseTelling.atWrites(mortality::chance));
    Surroundings around = surroundings(view);
    return new Runner(
        mortal,
        new Leases(mortal, around),
        actions(new MortalPlatform(group.platform(), chance(mortality)), mortal, view),
        RunnerSettings.of(new Holder("bastion-1", 4711, "ana", "chrysalis recover"))
            .waiting(Runner.PATIENT),
        around);
  }

  /// Chances to die around what changes something: a death around a look is one after the change
  /// before it.
  private static Consumer<String> chance(Mortality mortality) {
    return where -> {
      if (!LOOK.matcher(where).find()) {
        mortality.chance(where);
      }
    };
  }

  private Actions actions(Platform platform, RecordStore mortal, SharedTime.View view) {
    Jobs jobs = new Jobs(platform, view);
    RedisAgents agents = new RedisAgents(platform, jobs);
    RedisViews views = new RedisViews(platform, agents);
    RestorePoints vault = group.vault();
    return Actions.of(
        List.<Action>of(
            new KeepEvidence(platform, mortal),
            new FenceMember(platform),
            new RestartMember(platform),
            new SetVolumeAside(platform, jobs),
            new StopService(platform),
            new StartService(platform),
            new AwaitService(platform),
            new PointClients(platform),
            new ConfirmSituation(views, vault),
            new ChooseReplica(views),
            new FenceFormer(views),
            new AwaitFailover(views),
            new ForceFailover(views, agents),
            new FindMaster(views, vault),
            new Lead(views, agents),
            new FollowMaster(views, agents),
            new StateLoss(vault),
            new ConfigureMember(platform, agents),
            new JoinReplica(views, agents),
            new AwaitSentinels(views),
            new ChooseRestorePoint(platform, vault),
            new RestoreMember(agents),
            new CheckDump(platform, agents),
            new RestoreDump(agents),
            new StartRestored(views),
            new AcceptRestored(views, group.vault()),
            new ProtectAgain(agents),
            new AwaitLog(views, vault),
            new Satisfied()));
  }

  /// A checklist on which everything is in order.
  private record Satisfied() implements Action {
    @Override
    public String name() {
      return PlanFrame.CHECKLIST;
    }

    @Override
    public Probe probe(StepContext context) {
      return new Probe.Reached(Map.of("checks", "0"));
    }

    @Override
    public void act(StepContext context) {
      // Nothing is looked at.
    }

    @Override
    public List<String> byHand(Step step) {
      return List.of();
    }
  }
}
