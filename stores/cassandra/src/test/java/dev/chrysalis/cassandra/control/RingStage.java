package dev.chrysalis.cassandra.control;

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
import dev.chrysalis.workloads.BeginRestart;
import dev.chrysalis.workloads.FenceMember;
import dev.chrysalis.workloads.KeepEvidence;
import dev.chrysalis.workloads.LeaseTelling;
import dev.chrysalis.workloads.MortalPlatform;
import dev.chrysalis.workloads.Mortality;
import dev.chrysalis.workloads.PlanFrame;
import dev.chrysalis.workloads.SetVolumeAside;
import dev.chrysalis.workloads.SharedTime;
import dev.chrysalis.workloads.StartService;
import dev.chrysalis.workloads.StopService;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// A ring that a disaster struck, the vault's records, and the controllers that answer it, one
/// after another.
final class RingStage {
  private static final Pattern LOOK =
      Pattern.compile(
          "cassandra, status|job, state|before (looking|events|log|fencing|volume|asides)");

  private final RingDisaster disaster;
  private final SharedTime time = new SharedTime();
  private final FakeRing ring = new FakeRing(time.clock());
  private final InMemoryRecordStore records = new InMemoryRecordStore();
  private final Plan plan;

  RingStage(RingDisaster disaster) {
    this.disaster = disaster;
    disaster.strike(ring);
    RingState state = look();
    this.plan =
        disaster.plan(Diagnosis.of(state, Past.of(ring.vault()), time.clock().instant()), state);
  }

  RingState look() {
    Platform platform = ring.platform();
    return new RingViews(platform, new CassandraAgents(platform, new Jobs(platform)))
        .of("cassandra");
  }

  Plan plan() {
    return plan;
  }

  RunOutcome start() {
    return runner(Mortality.immortal()).start(plan, Consent.WHOLE_PLAN);
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
      RunOutcome _ = runner(mortality).resume(RingDisaster.stack(), run());
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
          .approve(RingDisaster.stack(), run(), List.of(), "ana@bastion-1");
    }
  }

  RunState state() {
    return new Runs(records).load(RingDisaster.stack(), run()).state();
  }

  private List<String> runs() {
    return new Runs(records).list(RingDisaster.stack());
  }

  private String run() {
    assertThat(runs()).hasSize(1);
    return runs().getFirst();
  }

  FakeRing ring() {
    return ring;
  }

  /// Nothing is left of a restore that failed.
  void assertGivenBack() {
    assertThat(ring.violations()).isEmpty();
    for (MemberId node : FakeRing.NODES) {
      assertThat(ring.serves(node)).as("%s serves", node).isTrue();
      assertThat(ring.data(node)).containsKey("damaged").containsEntry("rows", "100");
    }
    assertThat(ring.leftOvers()).isFalse();
    for (String client : FakeRing.CLIENTS) {
      assertThat(ring.platform().workload(client).replicas()).isPositive();
    }
  }

  /// The end that is to be reached, whatever happened on the way.
  void assertRecovered(String how) {
    assertThat(ring.violations()).as(how).isEmpty();
    assertThat(state().status()).as("%s: %s", how, state().steps()).isEqualTo(RunStatus.SUCCEEDED);
    for (MemberId node : FakeRing.NODES) {
      assertThat(ring.serves(node)).as("%s: %s serves", how, node).isTrue();
      assertThat(ring.data(node))
          .as("%s: %s", how, node)
          .containsEntry("host", "host-" + node.ordinal())
          .containsEntry("rows", disaster.restores(node.ordinal()) ? "103" : "100");
      assertThat(ring.platform().fencing(node)).as(how).isInstanceOf(Fencing.NotFenced.class);
    }
    for (String client : FakeRing.CLIENTS) {
      assertThat(ring.platform().workload(client).settled()).as(how).isTrue();
      assertThat(ring.platform().workload(client).replicas()).as(how).isPositive();
    }
    assertThat(ring.leftOvers()).as("%s: left in a configuration", how).isFalse();
    assertThat(ring.keptOldData()).as(how).isTrue();
    assertThat(ring.vault().damaged()).as(how).isEmpty();
    if (plan.steps().stream().anyMatch(s -> s.action().equals(ProtectAgain.NAME))) {
      disaster.backsUp().forEach(n -> assertThat(ring.done()).as(how).contains("backup " + n));
    }
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
        actions(new MortalPlatform(ring.platform(), chance(mortality)), mortal, view),
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
    CassandraAgents agents = new CassandraAgents(platform, jobs);
    RingViews views = new RingViews(platform, agents);
    RestorePoints vault = ring.vault();
    return Actions.of(
        List.<Action>of(
            new KeepEvidence(platform, mortal),
            new FenceMember(platform),
            new BeginRestart(platform),
            new SetVolumeAside(platform, jobs),
            new StopService(platform),
            new StartService(platform),
            new AwaitService(platform),
            new ConfirmSituation(views, vault, time.clock()),
            new PrepareReplacement(views, agents, vault),
            new StartNodes(views),
            NodeTask.forgetStart(agents),
            NodeTask.repair(agents),
            NodeTask.setDamagedAside(agents),
            new ChooseRestorePoint(platform, vault),
            new RestoreNode(agents),
            new CompareRows(agents, time.clock()),
            new AcceptRestored(),
            new StateLoss(),
            new StateRows(),
            new AwaitLog(vault),
            new ProtectAgain(agents),
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
