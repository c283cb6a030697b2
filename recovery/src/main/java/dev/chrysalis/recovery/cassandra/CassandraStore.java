package dev.chrysalis.recovery.cassandra;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.control.AcceptRestored;
import dev.chrysalis.cassandra.control.AwaitLog;
import dev.chrysalis.cassandra.control.CassandraAgents;
import dev.chrysalis.cassandra.control.CassandraPlans;
import dev.chrysalis.cassandra.control.ChooseRestorePoint;
import dev.chrysalis.cassandra.control.CompareRows;
import dev.chrysalis.cassandra.control.ConfirmSituation;
import dev.chrysalis.cassandra.control.Diagnosis;
import dev.chrysalis.cassandra.control.MemberView;
import dev.chrysalis.cassandra.control.NodeTask;
import dev.chrysalis.cassandra.control.Past;
import dev.chrysalis.cassandra.control.PrepareReplacement;
import dev.chrysalis.cassandra.control.ProtectAgain;
import dev.chrysalis.cassandra.control.RestoreNode;
import dev.chrysalis.cassandra.control.RestorePoints;
import dev.chrysalis.cassandra.control.RestorePoints.Chosen;
import dev.chrysalis.cassandra.control.RestorePoints.Point;
import dev.chrysalis.cassandra.control.RingState;
import dev.chrysalis.cassandra.control.RingViews;
import dev.chrysalis.cassandra.control.StartNodes;
import dev.chrysalis.cassandra.control.StateLoss;
import dev.chrysalis.cassandra.control.StateRows;
import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.model.stack.Stack;
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
import dev.chrysalis.vault.SnapshotId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// A Cassandra ring as recovery sees it.
public final class CassandraStore implements Store {
  /// Assumed until a run has measured better.
  private static final long RESTORE_BYTES_PER_SECOND = 100L << 20;

  private static final Duration START = Duration.ofSeconds(30);

  /// What a plan for another day is costed with.
  private static final CassandraPlans.Forecast UNMEASURED =
      new CassandraPlans.Forecast(
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          "its age: chrysalis status",
          Map.of(),
          List.of());

  private final Stack stack;
  private final Datastore declared;
  private final Datastore.Kind.Cassandra kind;
  private final CassandraAgents agents;
  private final RingViews views;
  private final RestorePoints points;
  private final CassandraProtection protection;
  private final Clock clock;

  public CassandraStore(
      Stack stack,
      Datastore declared,
      Datastore.Kind.Cassandra kind,
      Platform platform,
      Jobs jobs,
      RestorePoints points,
      Clock clock) {
    this.stack = stack;
    this.declared = declared;
    this.kind = kind;
    this.agents = new CassandraAgents(platform, jobs);
    this.views = new RingViews(platform, agents);
    this.points = points;
    this.protection = new CassandraProtection(declared, points, clock);
    this.clock = clock;
  }

  @Override
  public Datastore declared() {
    return declared;
  }

  /// How much later than acknowledged its nodes may sync a write.
  Duration syncPeriod() {
    return kind.syncPeriod();
  }

  /// What the vault holds of it.
  public RestorePoints points() {
    return points;
  }

  /// The nodes that serve now.
  private List<MemberId> serving() {
    return views.of(declared.workload()).serving().stream().map(MemberView::id).toList();
  }

  /// One of them, beside which an agent may work: `UNREACHABLE` where there is none.
  MemberId aServingNode() {
    return serving().stream()
        .findFirst()
        .orElseThrow(() ->
            new ChrysalisException(
                CassandraErrors.UNREACHABLE,
                "no node of " + declared.name() + " is known to serve",
                "see what is broken: chrysalis assess"));
  }

  @Override
  public StoreSituation look() {
    RingState ring = views.of(declared.workload());
    return new StoreSituation(
        declared.name(),
        new CassandraStoreState(Diagnosis.of(ring, Past.of(points), clock.instant()), ring));
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
          "--in-place belongs to PostgreSQL: a node's files are never changed, only replaced",
          "leave --in-place out");
    }
    return new CassandraPlanner(stack, declared, forecast(speeds, behind()), aim.map(this::target));
  }

  @Override
  public Plan planWithDump(
      StoreSituation found, StoreRequest request, StoreDump dump, Speeds speeds) {
    throw new ChrysalisException(
        RecoveryErrors.NO_DUMPS,
        declared.name() + " is not brought back from copies that others made by a plan",
        "with a ring that is up, load them beside one of its nodes: agent cassandra load-dump"
            + " --location URL --prefix cassandra/DATE/; else leave --dump out");
  }

  private CassandraPlans.Target target(RestoreAim aim) {
    Optional<Instant> newest = points.recoveryPoint();
    Instant to =
        aim.moment(declared.name())
            .orElseGet(() -> newest.orElseGet(clock::instant).truncatedTo(ChronoUnit.SECONDS));
    // Refused here, before anybody approves of anything.
    Chosen chosen = points.choose(Optional.of(to));
    chosen.requireReadable();
    return new CassandraPlans.Target(to, newest, chosen.behind());
  }

  /// A plan that needs no vault is not to fail for want of a number.
  private static <T> Optional<T> unlessAway(Supplier<Optional<T>> asked) {
    try {
      return asked.get();
    } catch (ChrysalisException e) {
      return Optional.empty();
    }
  }

  /// Of all that the vault has.
  private List<RestorePoints.Behind> behind() {
    return unlessAway(() -> Optional.of(points.choose(Optional.empty()).behind()))
        .orElse(List.of());
  }

  private CassandraPlans.Forecast forecast(Speeds speeds, List<RestorePoints.Behind> behind) {
    Optional<Point> newest = unlessAway(points::newest);
    // The nodes are restored side by side.
    long bytes = newest.map(p -> p.bytes() / Math.max(1, p.nodes())).orElse(0L);
    Duration assumed = START.plusSeconds(bytes / RESTORE_BYTES_PER_SECOND);
    return new CassandraPlans.Forecast(
        speeds.of(RestoreNode.NAME, bytes).orElse(assumed),
        speeds.of(ProtectAgain.NAME, newest.map(Point::bytes).orElse(0L)).orElse(assumed),
        assumed,
        unlessAway(points::recoveryPoint)
            .map(at -> Durations.show(Duration.between(at, clock.instant())) + " at this moment")
            .orElse("no backup"),
        measured(speeds),
        behind);
  }

  @Override
  public Map<String, Duration> measured(Speeds speeds) {
    return speeds.fixed();
  }

  @Override
  public List<Plan> feared(List<MemberId> members, Speeds speeds) {
    return new RingRehearsal(stack, declared, members, forecast(speeds, List.of())).feared();
  }

  @Override
  public List<Plan> rehearsed(List<MemberId> members) {
    return new RingRehearsal(stack, declared, members, UNMEASURED).all();
  }

  @Override
  public Plan allDown(List<MemberId> members) {
    return new RingRehearsal(stack, declared, members, UNMEASURED).allDown();
  }

  @Override
  public List<Action> actions() {
    return List.of(
        new ConfirmSituation(views, points, clock),
        new PrepareReplacement(views, agents, points),
        new StartNodes(views),
        NodeTask.forgetStart(agents),
        NodeTask.repair(agents),
        NodeTask.setDamagedAside(agents),
        new ChooseRestorePoint(views.platform(), points),
        new RestoreNode(agents),
        new CompareRows(agents, clock),
        new AcceptRestored(),
        new StateLoss(),
        new StateRows(),
        new AwaitLog(points),
        new ProtectAgain(agents));
  }

  @Override
  public List<String> workloads() {
    return List.of(declared.workload());
  }

  /// Users know the names of backups; each of the nodes has a snapshot in one. The last is one that
  /// carries the name.
  @Override
  public List<SnapshotId> named(String restorePoint) {
    if (SnapshotId.isName(restorePoint)) {
      return List.of(new SnapshotId(restorePoint));
    }
    return points.ofBackup(restorePoint).parts().values().stream()
        .sorted(
            Comparator.comparing((RestorePoints.Part part) -> part.backup().equals(restorePoint))
                .thenComparing(RestorePoints.Part::snapshot))
        .map(part -> new SnapshotId(part.snapshot()))
        .toList();
  }

  @Override
  public List<String> backupTask(String name) {
    return List.of("cassandra", "backup", "--backup", name);
  }

  @Override
  public List<String> checkTask() {
    return List.of("cassandra", "check", "--sync-period", TableRestores.seconds(syncPeriod()));
  }
}
