package dev.chrysalis.recovery.redis;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.job.Jobs;
import dev.chrysalis.postgres.control.RestoreGround;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.recovery.RecoveryErrors;
import dev.chrysalis.recovery.RestoreAim;
import dev.chrysalis.recovery.forecast.Speeds;
import dev.chrysalis.recovery.store.Store;
import dev.chrysalis.recovery.store.StoreDump;
import dev.chrysalis.recovery.store.StorePlanner;
import dev.chrysalis.recovery.store.StoreProtection;
import dev.chrysalis.recovery.store.StoreRequest;
import dev.chrysalis.recovery.store.StoreSituation;
import dev.chrysalis.redis.control.AcceptRestored;
import dev.chrysalis.redis.control.AwaitFailover;
import dev.chrysalis.redis.control.AwaitLog;
import dev.chrysalis.redis.control.AwaitSentinels;
import dev.chrysalis.redis.control.CheckDump;
import dev.chrysalis.redis.control.ChooseReplica;
import dev.chrysalis.redis.control.ChooseRestorePoint;
import dev.chrysalis.redis.control.ConfigureMember;
import dev.chrysalis.redis.control.ConfirmSituation;
import dev.chrysalis.redis.control.Diagnosis;
import dev.chrysalis.redis.control.FenceFormer;
import dev.chrysalis.redis.control.FindMaster;
import dev.chrysalis.redis.control.FollowMaster;
import dev.chrysalis.redis.control.ForceFailover;
import dev.chrysalis.redis.control.JoinReplica;
import dev.chrysalis.redis.control.Lead;
import dev.chrysalis.redis.control.Past;
import dev.chrysalis.redis.control.ProtectAgain;
import dev.chrysalis.redis.control.RedisAgents;
import dev.chrysalis.redis.control.RedisPlans;
import dev.chrysalis.redis.control.RedisState;
import dev.chrysalis.redis.control.RedisViews;
import dev.chrysalis.redis.control.RestoreDump;
import dev.chrysalis.redis.control.RestoreMember;
import dev.chrysalis.redis.control.RestorePoints;
import dev.chrysalis.redis.control.RestorePoints.Point;
import dev.chrysalis.redis.control.StartRestored;
import dev.chrysalis.redis.control.StateLoss;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A Redis datastore with its Sentinels as recovery sees it.
public final class RedisStore implements Store {
  /// Assumed until a run has measured better.
  private static final long RESTORE_BYTES_PER_SECOND = 100L << 20;

  private static final Duration START = Duration.ofSeconds(2);

  /// What a plan for another day is costed with.
  private static final RedisPlans.Forecast UNMEASURED =
      new RedisPlans.Forecast(
          Duration.ofMinutes(1), Duration.ofMinutes(1), "its age: chrysalis status", Map.of());

  private final Stack stack;
  private final Datastore declared;
  private final Datastore.Kind.Redis kind;
  private final Platform platform;
  private final RedisAgents agents;
  private final RedisViews views;
  private final RestorePoints points;
  private final RedisProtection protection;
  private final Clock clock;

  public RedisStore(
      Stack stack,
      Datastore declared,
      Datastore.Kind.Redis kind,
      Platform platform,
      Jobs jobs,
      RestorePoints points,
      Clock clock) {
    this.stack = stack;
    this.declared = declared;
    this.kind = kind;
    this.platform = platform;
    this.agents = new RedisAgents(platform, jobs);
    this.views = new RedisViews(platform, agents);
    this.points = points;
    this.protection = new RedisProtection(declared, points, clock);
    this.clock = clock;
  }

  @Override
  public Datastore declared() {
    return declared;
  }

  /// What the vault holds of it.
  public RestorePoints points() {
    return points;
  }

  @Override
  public StoreSituation look() {
    RedisState state = views.of(declared.workload(), Optional.of(kind.sentinels().workload()));
    return new StoreSituation(
        declared.name(), new RedisStoreState(Diagnosis.of(state, past()), state));
  }

  /// What is broken must be told also while the vault is away.
  private Past past() {
    try {
      return points.past();
    } catch (ChrysalisException e) {
      return Past.UNKNOWN;
    }
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
  public StorePlanner planner(
      StoreSituation found,
      Optional<RestoreAim> aim,
      RestoreGround ground,
      Speeds speeds,
      WalInVault.Reading reading) {
    if (ground.inPlace()) {
      throw new ChrysalisException(
          RecoveryErrors.IN_PLACE_DOES_NOT_FIT,
          "--in-place belongs to PostgreSQL: Redis reads all of its data at every start",
          "leave --in-place out");
    }
    return new RedisPlanner(stack, declared, forecast(speeds), aim.map(this::target));
  }

  @Override
  public Plan planWithDump(
      StoreSituation found, StoreRequest request, StoreDump dump, Speeds speeds) {
    RedisStoreState state = (RedisStoreState) found.state();
    return new RedisPlans(
            stack, declared, state.situation(), state.state(), forecast(speeds), request.before())
        .storeLostWithDump(
            state.members(),
            kind.dumps().orElseThrow(() -> new IllegalArgumentException("no dumps")),
            dump.key());
  }

  private RedisPlans.Target target(RestoreAim aim) {
    Optional<Instant> newest = points.recoveryPoint();
    Instant to = aim.moment(declared.name()).or(() -> newest).orElseGet(clock::instant);
    return new RedisPlans.Target(to, points.choose(Optional.of(to)).at(), newest);
  }

  /// What an agent is told to restore it from.
  static List<String> options(RestorePoints.Chosen point) {
    List<String> options = new ArrayList<>(List.of("--snapshot", point.snapshot()));
    point
        .log()
        .ifPresent(log -> options.addAll(List.of("--log", log, "--to", Long.toString(point.to()))));
    return options;
  }

  private RedisPlans.Forecast forecast(Speeds speeds) {
    long bytes = points.newest().map(Point::bytes).orElse(0L);
    Duration assumed = START.plusSeconds(bytes / RESTORE_BYTES_PER_SECOND);
    return new RedisPlans.Forecast(
        speeds.of(RestoreMember.NAME, bytes).orElse(assumed),
        speeds.of(ProtectAgain.NAME, bytes).orElse(assumed),
        points
            .recoveryPoint()
            .map(at -> Durations.show(Duration.between(at, clock.instant())) + " at this moment")
            .orElse("no backup"),
        measured(speeds));
  }

  @Override
  public Map<String, Duration> measured(Speeds speeds) {
    return speeds.fixed();
  }

  @Override
  public List<Plan> feared(List<MemberId> members, Speeds speeds) {
    return rehearsal(members, forecast(speeds)).feared();
  }

  @Override
  public List<Plan> rehearsed(List<MemberId> members) {
    return rehearsal(members, UNMEASURED).all();
  }

  @Override
  public Plan allDown(List<MemberId> members) {
    return rehearsal(members, UNMEASURED).allDown();
  }

  private RedisRehearsal rehearsal(List<MemberId> members, RedisPlans.Forecast forecast) {
    List<MemberId> watching =
        platform.workload(kind.sentinels().workload()).members().stream().map(Member::id).toList();
    return new RedisRehearsal(stack, declared, members, watching, forecast);
  }

  @Override
  public List<Action> actions() {
    return List.of(
        new ConfirmSituation(views, points),
        new FenceFormer(views),
        new AwaitFailover(views),
        new ForceFailover(views, agents),
        new FindMaster(views, points),
        new StateLoss(points),
        new ChooseReplica(views),
        new Lead(views, agents),
        new FollowMaster(views, agents),
        new ConfigureMember(platform, agents),
        new JoinReplica(views, agents),
        new AwaitSentinels(views),
        new AwaitLog(views, points),
        new ChooseRestorePoint(platform, points),
        new RestoreMember(agents),
        new CheckDump(platform, agents),
        new RestoreDump(agents),
        new StartRestored(views),
        new AcceptRestored(views, points),
        new ProtectAgain(agents));
  }

  @Override
  public List<String> workloads() {
    return List.of(declared.workload(), kind.sentinels().workload());
  }

  @Override
  public List<String> backupTask(String name) {
    return List.of("redis", "backup");
  }

  @Override
  public List<String> checkTask() {
    return List.of("redis", "check");
  }
}
