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
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.Finding;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.job.Jobs;
import dev.chrysalis.postgres.control.RestoreGround;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.recovery.aftermath.Runbook;
import dev.chrysalis.recovery.aftermath.Runbooks;
import dev.chrysalis.recovery.cassandra.CassandraStore;
import dev.chrysalis.recovery.checklist.Checklist;
import dev.chrysalis.recovery.checklist.ChecklistGround;
import dev.chrysalis.recovery.checklist.VerifyChecklist;
import dev.chrysalis.recovery.checklist.http.BoundedHttp;
import dev.chrysalis.recovery.checklist.http.ServiceClient;
import dev.chrysalis.recovery.forecast.ScenarioForecast;
import dev.chrysalis.recovery.forecast.SpeedRecords;
import dev.chrysalis.recovery.forecast.Speeds;
import dev.chrysalis.recovery.notice.Channels;
import dev.chrysalis.recovery.notice.Deliveries;
import dev.chrysalis.recovery.notice.RunNotices;
import dev.chrysalis.recovery.postgres.PostgresStore;
import dev.chrysalis.recovery.redis.RedisStore;
import dev.chrysalis.recovery.report.RunReport;
import dev.chrysalis.recovery.report.RunReports;
import dev.chrysalis.recovery.services.ConfirmServices;
import dev.chrysalis.recovery.services.ReplicaRecords;
import dev.chrysalis.recovery.services.ReplicaSightings;
import dev.chrysalis.recovery.services.ServiceViews;
import dev.chrysalis.recovery.store.Store;
import dev.chrysalis.recovery.store.StoreDump;
import dev.chrysalis.recovery.store.StoreRequest;
import dev.chrysalis.recovery.store.StoreSituation;
import dev.chrysalis.vault.proof.Proofs;
import dev.chrysalis.workloads.AwaitService;
import dev.chrysalis.workloads.BeginRestart;
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
import java.util.HashMap;
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
  private final List<Store> stores;
  private final VaultProtection protection;
  private final ServiceClient client = new ServiceClient();
  private final BoundedHttp observing = new BoundedHttp(Duration.ofSeconds(3), 4L << 20);

  public Recovery(
      Stack stack,
      Platform platform,
      RecordStore records,
      StoresInVault inVault,
      Surroundings surroundings) {
    this.stack = stack;
    this.platform = platform;
    this.records = records;
    this.surroundings = surroundings;
    this.jobs = new Jobs(platform);
    this.stores = stack.datastores().values().stream().map(store -> store(store, inVault)).toList();
    this.protection =
        new VaultProtection(stack.name(), stores, proofs(), copies(), surroundings.clock());
  }

  /// The rounds of the vault's copy; empty where none is to be kept.
  public Optional<VaultCopies> copies() {
    return stack.vault().copy().map(policy -> new VaultCopies(stack.name(), policy, records));
  }

  private Store store(Datastore store, StoresInVault inVault) {
    return switch (store.kind()) {
      case Datastore.Kind.PostgreSql _ ->
          new PostgresStore(
              stack, store, platform, jobs, inVault.postgres(store.name()), surroundings.clock());
      case Datastore.Kind.Redis redis ->
          new RedisStore(
              stack,
              store,
              redis,
              platform,
              jobs,
              inVault.redis(store.name()),
              surroundings.clock());
      case Datastore.Kind.Cassandra cassandra ->
          new CassandraStore(
              stack,
              store,
              cassandra,
              platform,
              jobs,
              inVault.cassandra(store.name(), cassandra.syncedWithin()),
              surroundings.clock());
    };
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
    if (!(protection.look() instanceof ProtectionView.Seen seen)) {
      return all;
    }
    Speeds speeds = speeds().newest(stack.name());
    for (Store store : stores) {
      String name = store.declared().name();
      List<MemberId> members = members(found, name);
      boolean restorable = seen.of(name).filter(s -> s.newest().isPresent()).isPresent();
      if (restorable && !members.isEmpty()) {
        all.put(
            name,
            store.feared(members, speeds).stream()
                .map(plan -> ScenarioForecast.of(plan, speeds.runs().size()))
                .toList());
      }
    }
    return all;
  }

  private static List<MemberId> members(Assessment found, String datastore) {
    return found.stores().stream()
        .filter(s -> s.datastore().equals(datastore))
        .findFirst()
        .map(s -> s.state().members())
        .orElse(List.of());
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
    return plan(
        found,
        scenario,
        Optional.empty(),
        Optional.empty(),
        RestoreGround.FRESH,
        (bytes, total) -> {});
  }

  /// The plan for what was found, or for the scenario that is asked for.
  ///
  /// @param datastore the one that is meant; empty for the deepest trouble
  /// @param aim the moment to go back to, which is found in the vault first
  /// @param ground upon what the first member is restored
  /// @param reading told while the vault's log is read for it
  public Plan plan(
      Assessment found,
      Optional<String> scenario,
      Optional<String> datastore,
      Optional<RestoreAim> aim,
      RestoreGround ground,
      WalInVault.Reading reading) {
    Planner.refuseBadWords(scenario, aim.isPresent());
    Planner.refuseInPlace(scenario, ground);
    Speeds speeds = speeds().newest(stack.name());
    Map<String, Duration> measured = new HashMap<>();
    stores.forEach(store -> measured.putAll(store.measured(speeds)));
    return new Planner(
            stack,
            measured,
            store -> store(store.datastore()).planner(store, aim, ground, speeds, reading))
        .plan(found, scenario, datastore);
  }

  /// The datastore that a scenario is meant of.
  ///
  /// @param datastore its name; empty for the one that the scenario fits
  public Store meant(Assessment found, Optional<String> scenario, Optional<String> datastore) {
    return store(Planner.meant(found, scenario, datastore).datastore());
  }

  /// The plan that brings a lost datastore back from a dump that others made. `DUMP_DOES_NOT_FIT`
  /// for another scenario.
  public Plan planWithDump(Assessment found, Optional<String> scenario, StoreDump dump) {
    StoreSituation situation = Planner.meant(found, scenario, Optional.of(dump.datastore()));
    StoreRequest request = Planner.request(found, scenario.orElse(situation.scenario()));
    if (!request.scenario().equals(Scenarios.STORE_LOST)) {
      throw new ChrysalisException(
          RecoveryErrors.DUMP_DOES_NOT_FIT,
          "a dump replaces the whole datastore, which does not fit " + request.scenario(),
          "say so: chrysalis recover store-lost --datastore %s --dump %s"
              .formatted(dump.datastore(), dump.date()));
    }
    return store(dump.datastore())
        .planWithDump(situation, request, dump, speeds().newest(stack.name()));
  }

  /// The stack's datastores, in the order of the file.
  public List<Store> stores() {
    return stores;
  }

  /// The datastore of that name, which the stack file declares.
  public Store store(String name) {
    return stores.stream()
        .filter(s -> s.declared().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no datastore " + name));
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
            platform, stores, protection, client, observing, records, surroundings)
        .of(stack);
  }

  public Backups backups() {
    return new Backups(stack, leases(), jobs, surroundings.clock());
  }

  public Asides asides() {
    return new Asides(stack, platform, runs(), surroundings.clock());
  }

  /// Copies of a PostgreSQL datastore beside the living one.
  public RestoreBeside beside(PostgresStore store) {
    return new RestoreBeside(
        stack,
        store.declared(),
        platform,
        jobs,
        store.agents(),
        leases(),
        store.wal(),
        surroundings.ticker());
  }

  /// Proves restore points by restoring them.
  public Trials trials() {
    return new Trials(this, stack.name(), jobs, surroundings.clock());
  }

  /// How fresh a datastore's proofs are.
  public List<ProofAge> proofAges(Datastore store) {
    return ProofAge.of(store, proofs(), surroundings.clock().instant());
  }

  /// What was proved of restore points.
  public Proofs proofs() {
    return new Proofs(records, surroundings.random());
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
    return new Runbooks(stack, platform, stores).all();
  }

  public RunReports reports() {
    return new RunReports(records);
  }

  /// The report of a run, with what was measured around it.
  public RunReport report(String run) {
    return reports().of(runs().load(stack.name(), run)).with(deliveries().timeline(run));
  }

  public Assessor assessor() {
    return new Assessor(stores, protection, serviceViews(), surroundings.clock());
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

  public Actions actions() {
    List<Action> all =
        new ArrayList<>(
            List.of(
                new KeepEvidence(platform, records),
                new FenceMember(platform),
                new RestartMember(platform),
                new BeginRestart(platform),
                new SetVolumeAside(platform, jobs),
                new StopService(platform),
                new StartService(platform),
                new PointClients(platform),
                new RollBackService(platform),
                new AwaitService(platform),
                new ConfirmServices(serviceViews(), () -> assessor().brokenStores()),
                new VerifyChecklist(checklist())));
    stores.forEach(store -> all.addAll(store.actions()));
    return Actions.of(all);
  }

  @Override
  public void close() {
    client.close();
    observing.close();
  }
}
