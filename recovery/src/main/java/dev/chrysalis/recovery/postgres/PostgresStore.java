package dev.chrysalis.recovery.postgres;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
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
import dev.chrysalis.postgres.control.Diagnosis;
import dev.chrysalis.postgres.control.EndRecovery;
import dev.chrysalis.postgres.control.JoinReplica;
import dev.chrysalis.postgres.control.MemberView;
import dev.chrysalis.postgres.control.MemberViews;
import dev.chrysalis.postgres.control.PostgresAgents;
import dev.chrysalis.postgres.control.PostgresPlans;
import dev.chrysalis.postgres.control.Promote;
import dev.chrysalis.postgres.control.ProtectAgain;
import dev.chrysalis.postgres.control.RecoverToTarget;
import dev.chrysalis.postgres.control.RestartServer;
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
import dev.chrysalis.postgres.control.WalInVault.RestorePoint;
import dev.chrysalis.recovery.RestoreAim;
import dev.chrysalis.recovery.forecast.Speeds;
import dev.chrysalis.recovery.store.Store;
import dev.chrysalis.recovery.store.StoreDump;
import dev.chrysalis.recovery.store.StoreProtection;
import dev.chrysalis.recovery.store.StoreRequest;
import dev.chrysalis.recovery.store.StoreSituation;
import dev.chrysalis.workloads.RestartMember;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A PostgreSQL datastore as recovery sees it.
public final class PostgresStore implements Store {
  /// Assumed until a run has measured better: what one core restores, and what a server replays.
  private static final long RESTORE_BYTES_PER_SECOND = 100L << 20;

  private static final Duration START = Duration.ofSeconds(3);

  private final Stack stack;
  private final Datastore declared;
  private final Platform platform;
  private final PostgresAgents agents;
  private final WalInVault wal;
  private final PostgresProtection protection;

  public PostgresStore(
      Stack stack, Datastore declared, Platform platform, Jobs jobs, WalInVault wal, Clock clock) {
    this.stack = stack;
    this.declared = declared;
    this.platform = platform;
    this.agents = new PostgresAgents(platform, jobs);
    this.wal = wal;
    this.protection = new PostgresProtection(declared, wal, clock);
  }

  @Override
  public Datastore declared() {
    return declared;
  }

  /// The agents beside its members.
  public PostgresAgents agents() {
    return agents;
  }

  /// What the vault holds of it.
  public WalInVault wal() {
    return wal;
  }

  @Override
  public StoreSituation look() {
    List<MemberView> views = new MemberViews(platform, agents).of(declared.workload());
    return new StoreSituation(declared.name(), new PostgresState(Diagnosis.of(views), views));
  }

  @Override
  public StoreProtection protection() {
    return protection.protection();
  }

  @Override
  public Optional<Instant> oldest() {
    return protection.oldest();
  }

  @Override
  public PostgresPlanner planner(
      StoreSituation found,
      Optional<RestoreAim> aim,
      RestoreGround ground,
      Speeds speeds,
      WalInVault.Reading reading) {
    Optional<PostgresPlans.Target> target = aim.map(a -> target(a, reading));
    if (ground.inPlace()) {
      refuseUnlessStanding(found, target, reading);
    }
    return new PostgresPlanner(stack, declared, forecast(speeds), target, ground);
  }

  @Override
  public Plan planWithDump(
      StoreSituation found, StoreRequest request, StoreDump dump, Speeds speeds) {
    return planner(found, Optional.empty(), RestoreGround.FRESH, speeds, (bytes, total) -> {})
        .withDump(
            found,
            request,
            declared.dumps().orElseThrow(() -> new IllegalArgumentException("no dumps")),
            new Dump(dump.date(), dump.key(), dump.bytes()));
  }

  private PostgresPlans.Target target(RestoreAim aim, WalInVault.Reading reading) {
    WalInVault.Chosen chosen = wal.choose(aim.goal(), aim.timeline(), reading);
    return new PostgresPlans.Target(
        aim.goal(),
        aim.timeline(),
        chosen,
        wal.discarded(chosen.systemIdentifier(), chosen.timeline(), chosen.target(), reading));
  }

  private void refuseUnlessStanding(
      StoreSituation found, Optional<PostgresPlans.Target> target, WalInVault.Reading reading) {
    MemberView first = ((PostgresState) found.state()).views().getFirst();
    new StandingCluster(first.id(), first.status())
        .require(
            target
                .map(PostgresPlans.Target::chosen)
                .orElseGet(() -> wal.choose(new RestoreGoal.Latest(), Optional.empty(), reading)));
  }

  /// What plans are costed with: by what runs have shown, else by what is assumed.
  private PostgresPlans.Forecast forecast(Speeds speeds) {
    long bytes = bytes();
    Duration assumed = START.plusSeconds(bytes / RESTORE_BYTES_PER_SECOND);
    return new PostgresPlans.Forecast(
        speeds.of(RestoreMember.NAME, bytes).orElse(assumed),
        START,
        speeds.of(ProtectAgain.NAME, bytes).orElse(assumed),
        protection.recoveryPointAge(),
        measured(speeds));
  }

  @Override
  public Map<String, Duration> measured(Speeds speeds) {
    Map<String, Duration> measured = new TreeMap<>(speeds.fixed());
    speeds
        .of(RestoreInPlace.NAME, bytes())
        .ifPresent(took -> measured.put(RestoreInPlace.NAME, took));
    return measured;
  }

  private long bytes() {
    return wal.newest().map(RestorePoint::bytes).orElse(0L);
  }

  @Override
  public List<Plan> feared(List<MemberId> members, Speeds speeds) {
    return new FearedPlans(stack, declared, forecast(speeds)).of(members);
  }

  @Override
  public List<Plan> rehearsed(List<MemberId> members) {
    return new PostgresRunbooks(stack, declared, members).all();
  }

  @Override
  public Plan allDown(List<MemberId> members) {
    return new PostgresRunbooks(stack, declared, members).allDown();
  }

  @Override
  public List<Action> actions() {
    return List.of(
        new ConfirmSituation(platform, agents),
        new RestartServer(new RestartMember(platform), agents),
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
        new ProtectAgain(agents));
  }

  @Override
  public List<String> workloads() {
    return List.of(declared.workload());
  }

  @Override
  public List<String> backupTask(String name) {
    return List.of("postgres", "backup");
  }

  @Override
  public List<String> checkTask() {
    return List.of("postgres", "check");
  }
}
