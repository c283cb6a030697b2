package dev.chrysalis.postgres.control;

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
import dev.chrysalis.workloads.FenceMember;
import dev.chrysalis.workloads.KeepEvidence;
import dev.chrysalis.workloads.LeaseTelling;
import dev.chrysalis.workloads.MortalPlatform;
import dev.chrysalis.workloads.Mortality;
import dev.chrysalis.workloads.PointClients;
import dev.chrysalis.workloads.RestartMember;
import dev.chrysalis.workloads.SetVolumeAside;
import dev.chrysalis.workloads.SharedTime;
import dev.chrysalis.workloads.StartService;
import dev.chrysalis.workloads.StopService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/// A pair that a disaster struck, the vault's records, and the controllers that answer it, one
/// after another or side by side.
final class RecoveryStage {
  private final Disaster disaster;
  private final Plan plan;
  private final SharedTime time = new SharedTime();
  private final FakePostgresPair pair = new FakePostgresPair(time.clock());
  private final InMemoryRecordStore records = new InMemoryRecordStore();

  RecoveryStage(Disaster disaster) {
    this.disaster = disaster;
    disaster.strike(pair);
    this.plan = disaster.plan(found());
  }

  private Situation found() {
    Platform platform = pair.platform();
    return Diagnosis.of(
        new MemberViews(platform, new PostgresAgents(platform, new Jobs(platform))).of("postgres"));
  }

  FakePostgresPair pair() {
    return pair;
  }

  SharedTime time() {
    return time;
  }

  Controller controller() {
    return controller(Mortality.immortal());
  }

  Controller controller(Mortality mortality) {
    return new Controller(mortality::chance, time.view());
  }

  Controller controller(Consumer<String> chance, SharedTime.View view) {
    return new Controller(chance, view);
  }

  List<String> runs() {
    return new Runs(records).list(Disaster.stack());
  }

  String run() {
    assertThat(runs()).hasSize(1);
    return runs().getFirst();
  }

  RunState state() {
    return new Runs(records).load(Disaster.stack(), run()).state();
  }

  void approveAll() {
    if (state().steps().stream().anyMatch(StepProgress::lacksApproval)) {
      decisions().approve(Disaster.stack(), run(), List.of(), "ana@bastion-1");
    }
  }

  void approve(String step) {
    decisions().approve(Disaster.stack(), run(), List.of(step), "ana@bastion-1");
  }

  void answer(String step, boolean happened) {
    decisions().answer(Disaster.stack(), run(), step, happened, "ana@bastion-1");
  }

  /// Lets a mortal controller drive the run until its end or death; tells where death came.
  String live(Mortality mortality) {
    return live(mortality, controller(mortality)::goOn);
  }

  /// Lets a mortal controller do something until it is done or dead.
  String live(Mortality mortality, Runnable life) {
    try {
      life.run();
      return "alive";
    } catch (Mortality.Killed e) {
      assertThat(mortality.died()).isTrue();
      time.expectNoHeart();
      return String.valueOf(e.getMessage());
    }
  }

  /// What must hold at every end.
  void assertNothingForbidden(String how) {
    assertThat(pair.violations()).as(how).isEmpty();
  }

  /// The end that is to be reached, whatever happened on the way.
  void assertRecovered(String how) {
    assertNothingForbidden(how);
    assertThat(state().status()).as(how).isEqualTo(RunStatus.SUCCEEDED);
    MemberId primary = disaster.primary();
    assertThat(pair.writer()).as(how).contains(primary);
    assertThat(pair.data(primary).get("timeline")).as(how).isEqualTo(disaster.timeline());
    assertThat(pair.position(primary)).as(how).isGreaterThanOrEqualTo(disaster.least());
    disaster
        .most()
        .ifPresent(most -> assertThat(pair.position(primary)).as(how).isLessThanOrEqualTo(most));
    MemberId standby =
        primary.equals(FakePostgresPair.FIRST) ? FakePostgresPair.SECOND : FakePostgresPair.FIRST;
    assertThat(pair.streams(standby)).as("%s: %s follows", how, standby).isTrue();
    assertThat(pair.platform().fencing(primary)).as(how).isInstanceOf(Fencing.NotFenced.class);
    assertThat(pair.platform().fencing(standby)).as(how).isInstanceOf(Fencing.NotFenced.class);
    assertThat(pair.service().settled()).as(how).isTrue();
    assertThat(pair.service().replicas()).as(how).isEqualTo(2);
    assertThat(pair.service().environment())
        .as(how)
        .containsEntry(FakePostgresPair.VARIABLE, pair.addressOf(primary));
    assertThat(pair.keptOldData()).as(how).isTrue();
    if (plan.steps().stream().anyMatch(s -> s.action().equals(ProtectAgain.NAME))) {
      assertThat(pair.agents().tasks().done()).as(how).contains("backup " + primary);
    }
  }

  private Decisions decisions() {
    return new Decisions(records, surroundings(time.view()));
  }

  private Surroundings surroundings(SharedTime.View view) {
    return new Surroundings(time.clock(), view.ticker(), new Random());
  }

  /// One process that may drive runs.
  final class Controller {
    private final Consumer<String> chance;
    private final SharedTime.View view;
    private Duration waitForLease = Runner.PATIENT;

    Controller(Consumer<String> chance, SharedTime.View view) {
      this.chance = chance;
      this.view = view;
    }

    Controller waiting(Duration forLease) {
      waitForLease = forLease;
      return this;
    }

    RunOutcome start() {
      return runner().start(plan, Consent.WHOLE_PLAN);
    }

    RunOutcome startAsking() {
      return runner().start(plan, Consent.STEP_BY_STEP);
    }

    RunOutcome resume() {
      return runner().resume(Disaster.stack(), run());
    }

    RunOutcome abort() {
      return runner().abort(Disaster.stack(), run());
    }

    void endByAbort() {
      if (!state().isOver()) {
        RunOutcome _ = abort();
      }
    }

    /// Starts the run, or goes on with it where it was left.
    void goOn() {
      if (runs().isEmpty()) {
        RunOutcome _ = start();
      } else if (!state().isOver()) {
        approveAll();
        RunOutcome _ = resume();
      }
    }

    private Runner runner() {
      RecordStore mortal =
          new FaultyRecordStore(new LeaseTelling(records, time), LeaseTelling.atWrites(chance));
      Surroundings around = surroundings(view);
      Holder holder = new Holder("bastion-1", 4711, "ana", "chrysalis recover");
      return new Runner(
          mortal,
          new Leases(mortal, around),
          actions(new MortalPlatform(pair.platform(), chance), mortal),
          RunnerSettings.of(holder).waiting(waitForLease),
          around);
    }

    private Actions actions(Platform platform, RecordStore mortal) {
      Jobs jobs = new Jobs(platform, view);
      PostgresAgents agents = new PostgresAgents(platform, jobs);
      return Actions.of(
          List.of(
              new KeepEvidence(platform, mortal),
              new FenceMember(platform),
              new RestartServer(new RestartMember(platform), agents),
              new SetVolumeAside(platform, jobs),
              new StopService(platform),
              new StartService(platform),
              new PointClients(platform),
              new ConfirmSituation(platform, agents),
              new CatchUp(platform, agents, pair.vault()),
              new SalvageWal(agents),
              new StateLoss(agents, pair.vault()),
              new Promote(agents),
              new ChooseRestorePoint(platform, agents, pair.vault()),
              new RestoreMember(platform, agents),
              new RestoreInPlace(platform, agents),
              new StartRestored(platform, agents),
              new CheckDump(platform, agents),
              new RestoreDump(agents),
              new StartFreshCluster(platform, agents),
              new AcceptFreshCluster(agents),
              new RecoverToTarget(platform, agents),
              new AwaitWal(agents, pair.vault()),
              new VerifyTarget(agents),
              new EndRecovery(agents),
              new JoinReplica(platform, agents),
              new ProtectAgain(agents),
              new Satisfied()));
    }
  }

  /// A checklist on which everything is in order.
  private record Satisfied() implements Action {
    @Override
    public String name() {
      return "checklist.verify";
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
