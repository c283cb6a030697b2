package dev.chrysalis.recovery;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Actions;
import dev.chrysalis.engine.Decisions;
import dev.chrysalis.engine.Leases;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Runner;
import dev.chrysalis.engine.RunnerSettings;
import dev.chrysalis.engine.Runs;
import dev.chrysalis.engine.Surroundings;
import dev.chrysalis.model.Finding;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.DumpPolicy;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.job.Jobs;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.archive.Dump;
import dev.chrysalis.postgres.control.AcceptFreshCluster;
import dev.chrysalis.postgres.control.AwaitWal;
import dev.chrysalis.postgres.control.CatchUp;
import dev.chrysalis.postgres.control.CheckDump;
import dev.chrysalis.postgres.control.ChooseRestorePoint;
import dev.chrysalis.postgres.control.ConfirmSituation;
import dev.chrysalis.postgres.control.EndRecovery;
import dev.chrysalis.postgres.control.JoinReplica;
import dev.chrysalis.postgres.control.MemberView;
import dev.chrysalis.postgres.control.MemberViews;
import dev.chrysalis.postgres.control.PostgresAgents;
import dev.chrysalis.postgres.control.PostgresPlans;
import dev.chrysalis.postgres.control.Promote;
import dev.chrysalis.postgres.control.ProtectAgain;
import dev.chrysalis.postgres.control.RecoverToTarget;
import dev.chrysalis.postgres.control.RestoreDump;
import dev.chrysalis.postgres.control.RestoreGround;
import dev.chrysalis.postgres.control.RestoreInPlace;
import dev.chrysalis.postgres.control.RestoreMember;
import dev.chrysalis.postgres.control.SalvageWal;
import dev.chrysalis.postgres.control.StandingCluster;
import dev.chrysalis.postgres.control.StartFreshCluster;
import dev.chrysalis.postgres.control.StartRestored;
import dev.chrysalis.postgres.control.StateLoss;
import dev.chrysalis.postgres.control.VerifyTarget;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.recovery.aftermath.Runbook;
import dev.chrysalis.recovery.aftermath.Runbooks;
import dev.chrysalis.recovery.checklist.Checklist;
import dev.chrysalis.recovery.checklist.ChecklistGround;
import dev.chrysalis.recovery.checklist.VerifyChecklist;
import dev.chrysalis.recovery.checklist.http.BoundedHttp;
import dev.chrysalis.recovery.checklist.http.ServiceClient;
import dev.chrysalis.recovery.forecast.Forecasts;
import dev.chrysalis.recovery.forecast.ScenarioForecast;
import dev.chrysalis.recovery.forecast.SpeedRecords;
import dev.chrysalis.recovery.forecast.Speeds;
import dev.chrysalis.recovery.notice.Channels;
import dev.chrysalis.recovery.notice.Deliveries;
import dev.chrysalis.recovery.notice.RunNotices;
import dev.chrysalis.recovery.report.RunReport;
import dev.chrysalis.recovery.report.RunReports;
import dev.chrysalis.recovery.services.ConfirmServices;
import dev.chrysalis.recovery.services.ReplicaRecords;
import dev.chrysalis.recovery.services.ReplicaSightings;
import dev.chrysalis.recovery.services.ServiceViews;
import dev.chrysalis.vault.proof.Proofs;
import dev.chrysalis.workloads.AwaitService;
import dev.chrysalis.workloads.FenceMember;
import dev.chrysalis.workloads.KeepEvidence;
import dev.chrysalis.workloads.PointClients;
import dev.chrysalis.workloads.RestartMember;
import dev.chrysalis.workloads.RollBackService;
import dev.chrysalis.workloads.SetVolumeAside;
import dev.chrysalis.workloads.StartService;
import dev.chrysalis.workloads.StopService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything that recovers one stack, put together: assess → plan → run → verify → report. Holds
/// no state of its own; all that matters is in the vault and on the platform. Safe for many
/// threads.
public final class Recovery implements AutoCloseable {
  private final Stack stack;
  private final Platform platform;
  private final RecordStore records;
  private final Surroundings surroundings;
  private final Jobs jobs;
  private final PostgresAgents agents;
  private final WalInVault wal;
  private final VaultProtection protection;
  private final ServiceClient client = new ServiceClient();
  private final BoundedHttp observing = new BoundedHttp(Duration.ofSeconds(3), 4L << 20);

  public Recovery(
      Stack stack,
      Platform platform,
      RecordStore records,
      WalInVault wal,
      Surroundings surroundings) {
    this.stack = stack;
    this.platform = platform;
    this.records = records;
    this.wal = wal;
    this.surroundings = surroundings;
    this.jobs = new Jobs(platform);
    this.agents = new PostgresAgents(platform, jobs);
    this.protection = new VaultProtection(stack, wal, proofs(), surroundings.clock());
  }

  /// The state of everything now, and which recoveries would take too long.
  public Assessment assess() {
    Assessment found = assessor().assess();
    List<Finding> late = new ArrayList<>();
    forecasts(found)
        .forEach(
            (store, all) -> all.forEach(forecast -> forecast.finding(store).ifPresent(late::add)));
    return found.with(late);
  }

  /// How long recoveries would take now, by datastore; empty while the vault cannot be read or
  /// holds nothing to restore from.
  public Map<String, List<ScenarioForecast>> forecasts(Assessment found) {
    Map<String, List<ScenarioForecast>> all = new LinkedHashMap<>();
    if (!(protection.look() instanceof ProtectionView.Seen seen) || seen.newest().isEmpty()) {
      return all;
    }
    Speeds speeds = speeds().newest(stack.name());
    Forecasts forecasts = new Forecasts(stack, protection.forecast(speeds), speeds.runs().size());
    for (Assessment.StoreSituation store : found.stores()) {
      List<MemberId> members = store.members().stream().map(MemberView::id).toList();
      Datastore declared = stack.datastores().get(store.datastore());
      if (declared != null && !members.isEmpty()) {
        all.put(store.datastore(), forecasts.of(declared, members));
      }
    }
    return all;
  }

  /// Keeps how fast a run was, for the forecasts to come.
  public void learn(String run) {
    speeds().keep(stack.name(), runs().load(stack.name(), run));
  }

  private SpeedRecords speeds() {
    return new SpeedRecords(records);
  }

  /// The plan for what was found, or for the scenario that is asked for.
  public Plan plan(Assessment found, Optional<String> scenario) {
    return plan(found, scenario, Optional.empty(), RestoreGround.FRESH, (bytes, total) -> {});
  }

  /// The plan for what was found, or for the scenario that is asked for.
  ///
  /// @param aim the moment to go back to, which is found in the vault first
  /// @param ground upon what the first member is restored
  /// @param reading told while the vault's WAL is read for it
  public Plan plan(
      Assessment found,
      Optional<String> scenario,
      Optional<RestoreAim> aim,
      RestoreGround ground,
      WalInVault.Reading reading) {
    Planner.refuseBadWords(scenario, aim.isPresent());
    Planner.refuseInPlace(scenario, ground);
    Optional<PostgresPlans.Target> target = aim.map(a -> target(a, reading));
    Plan plan =
        new Planner(stack, protection.forecast(speeds().newest(stack.name())))
            .plan(found, scenario, target, ground);
    if (ground.inPlace()) {
      MemberView first = found.stores().getFirst().members().getFirst();
      new StandingCluster(first.id(), first.status())
          .require(
              target
                  .map(PostgresPlans.Target::chosen)
                  .orElseGet(
                      () -> wal.choose(new RestoreGoal.Latest(), Optional.empty(), reading)));
    }
    return plan;
  }

  /// The plan that brings the store back from a dump that others made.
  public Plan planWithDump(Assessment found, Optional<String> scenario, Dump dump) {
    DumpPolicy policy =
        datastores().getFirst().dumps().orElseThrow(() -> new IllegalArgumentException("no dumps"));
    return new Planner(stack, protection.forecast(speeds().newest(stack.name())))
        .planWithDump(found, scenario, policy, dump);
  }

  private PostgresPlans.Target target(RestoreAim aim, WalInVault.Reading reading) {
    WalInVault.Chosen chosen = wal.choose(aim.goal(), aim.timeline(), reading);
    return new PostgresPlans.Target(
        aim.goal(),
        aim.timeline(),
        chosen,
        wal.discarded(chosen.systemIdentifier(), chosen.timeline(), chosen.target(), reading));
  }

  public Runner runner(RunnerSettings settings) {
    return new Runner(records, leases(), actions(), settings, surroundings);
  }

  public Runs runs() {
    return new Runs(records);
  }

  public Decisions decisions() {
    return new Decisions(records, surroundings);
  }

  public Leases leases() {
    return new Leases(records, surroundings);
  }

  public Checklist checklist() {
    return new ChecklistGround(
            platform,
            new MemberViews(platform, agents),
            protection,
            client,
            observing,
            records,
            surroundings)
        .of(stack);
  }

  public Backups backups() {
    return new Backups(stack, leases(), jobs, surroundings.clock());
  }

  public Asides asides() {
    return new Asides(stack, platform, runs(), surroundings.clock());
  }

  /// Copies of a datastore beside the living one.
  public RestoreBeside beside(Datastore store) {
    return new RestoreBeside(
        stack, store, platform, jobs, agents, leases(), wal, surroundings.ticker());
  }

  /// Proves a datastore's restore points by restoring them.
  public ProofByRestore proofByRestore(Datastore store) {
    return new ProofByRestore(
        stack.name(), store, beside(store), leases(), proofs(), surroundings.clock());
  }

  /// How fresh a datastore's proofs are.
  public List<ProofAge> proofAges(Datastore store) {
    return ProofAge.of(store, proofs(), surroundings.clock().instant());
  }

  /// What was proved of restore points.
  public Proofs proofs() {
    return new Proofs(records, surroundings.random());
  }

  /// What the vault holds of PostgreSQL.
  public WalInVault wal() {
    return wal;
  }

  public VaultProtection protection() {
    return protection;
  }

  /// The channels by which people are told; to be closed by the caller.
  public Channels channels() {
    return new Channels(stack.channels(), surroundings.clock());
  }

  /// Tells of one run while it goes; to be finished, or closed, by the caller.
  public RunNotices notices() {
    return new RunNotices(channels(), deliveries(), runs(), surroundings);
  }

  /// What was told of runs.
  public Deliveries deliveries() {
    return new Deliveries(records, stack.name());
  }

  /// The plans for what may happen one day.
  public List<Runbook> runbooks() {
    return new Runbooks(stack, platform).all();
  }

  public RunReports reports() {
    return new RunReports(records);
  }

  /// The report of a run, with what was measured around it.
  public RunReport report(String run) {
    return reports().of(runs().load(stack.name(), run)).with(deliveries().timeline(run));
  }

  public Assessor assessor() {
    return new Assessor(stack, platform, agents, protection, serviceViews(), surroundings.clock());
  }

  private ServiceViews serviceViews() {
    return new ServiceViews(stack, platform, client, replicas(), surroundings.clock());
  }

  private ReplicaRecords replicas() {
    return new ReplicaRecords(records, stack.name());
  }

  /// Remembers how many members services have while they are well.
  public ReplicaSightings sightings() {
    return new ReplicaSightings(stack, platform, replicas(), surroundings.clock());
  }

  public PostgresAgents agents() {
    return agents;
  }

  public Actions actions() {
    List<Action> all =
        List.of(
            new KeepEvidence(platform, records),
            new FenceMember(platform),
            new RestartMember(platform),
            new SetVolumeAside(platform, jobs),
            new StopService(platform),
            new StartService(platform),
            new PointClients(platform),
            new RollBackService(platform),
            new AwaitService(platform),
            new ConfirmServices(serviceViews(), () -> assessor().brokenStores()),
            new ConfirmSituation(platform, agents),
            new SalvageWal(agents),
            new CatchUp(platform, agents, wal),
            new StateLoss(agents, wal),
            new Promote(agents),
            new ChooseRestorePoint(platform, agents, wal),
            new RestoreMember(platform, agents),
            new RestoreInPlace(platform, agents),
            new StartRestored(platform, agents),
            new RecoverToTarget(platform, agents),
            new AwaitWal(agents, wal),
            new VerifyTarget(agents),
            new EndRecovery(agents),
            new CheckDump(platform, agents),
            new RestoreDump(agents),
            new StartFreshCluster(platform, agents),
            new AcceptFreshCluster(agents),
            new JoinReplica(platform, agents),
            new ProtectAgain(agents),
            new VerifyChecklist(checklist()));
    return Actions.of(all);
  }

  /// The stack's datastores, in the order of the file.
  public List<Datastore> datastores() {
    return List.copyOf(stack.datastores().values());
  }

  @Override
  public void close() {
    client.close();
    observing.close();
  }
}
