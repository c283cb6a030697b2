package dev.chrysalis.recovery;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Lease;
import dev.chrysalis.engine.Leases;
import dev.chrysalis.engine.Runs;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.KeepPolicy;
import dev.chrysalis.recovery.store.ProofUnderWay;
import dev.chrysalis.recovery.store.StoreLogs;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.prune.LogKeep;
import dev.chrysalis.vault.prune.PruneGuard;
import dev.chrysalis.vault.prune.PruneRequest;
import dev.chrysalis.vault.prune.Pruned;
import dev.chrysalis.vault.prune.Pruner;
import dev.chrysalis.vault.prune.Retention;
import dev.chrysalis.vault.prune.Retention.Candidate;
import dev.chrysalis.vault.prune.Retention.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/// Prunes one datastore by its policy. What a recovery may look at is changed under the stack's
/// lease, and not while a run is open; the deleting behind it, which may take long, is done under a
/// lease of prune's own, so that a recovery never waits for it.
public final class Pruning {
  /// A session that is older than this and has not ended is taken for dead: longer than the longest
  /// backup takes.
  public static final Duration DEAD_AFTER = Duration.ofDays(3);

  /// Clocks of writers may differ by this much.
  private static final Duration MARGIN = Duration.ofHours(1);

  private static final Duration WAIT_FOR_LEASE = Duration.ofSeconds(40);

  private final String stack;
  private final Vault vault;
  private final Pruner pruner;
  private final Leases leases;
  private final SpentRecords spent;
  private final Clock clock;

  public Pruning(
      String stack, Vault vault, Pruner pruner, Leases leases, SpentRecords spent, Clock clock) {
    this.stack = stack;
    this.vault = vault;
    this.pruner = pruner;
    this.leases = leases;
    this.spent = spent;
    this.clock = clock;
  }

  /// What is to be done, and why.
  public record Decision(List<Verdict> verdicts, PruneRequest request) {
    public Decision {
      verdicts = List.copyOf(verdicts);
    }
  }

  /// Decides by the policy. Only reads.
  public Decision decide(Datastore store, KeepPolicy policy) {
    Look look = look(store, policy);
    return new Decision(look.verdicts(), request(store, policy, look, look.drop()));
  }

  /// @param begun when this look began, or the oldest session that was open then
  private record Look(Instant begun, List<Snapshot> snapshots, List<Verdict> verdicts) {
    Set<SnapshotId> drop() {
      return verdicts.stream()
          .filter(v -> !v.kept())
          .map(v -> v.candidate().id())
          .collect(Collectors.toSet());
    }
  }

  private Look look(Datastore store, KeepPolicy policy) {
    Instant now = clock.instant();
    // In this order: a backup that ends meanwhile is seen as one that runs, or as a snapshot.
    Instant begun = pruner.oldestOpenSession(store.name()).orElse(now);
    List<Snapshot> snapshots = vault.snapshots(store.name());
    StoreLogs logs = logs(store);
    Set<SnapshotId> complete = logs.complete();
    Map<String, List<Candidate>> rows =
        snapshots.stream()
            .collect(
                Collectors.groupingBy(
                    logs::series,
                    TreeMap::new,
                    Collectors.mapping(
                        s -> new Candidate(s.id(), s.completedAt(), complete.contains(s.id())),
                        Collectors.toList())));
    List<Snapshot> whole = snapshots.stream().filter(s -> complete.contains(s.id())).toList();
    Optional<Set<SnapshotId>> bases = logs.bases(whole, now.minus(policy.within()));
    List<Verdict> verdicts =
        rows.values().stream().flatMap(row -> decide(policy, row, now, bases).stream()).toList();
    return new Look(begun, snapshots, verdicts);
  }

  private static List<Verdict> decide(
      KeepPolicy policy, List<Candidate> row, Instant now, Optional<Set<SnapshotId>> bases) {
    return bases
        .map(known -> Retention.decide(policy, row, now, known))
        .orElseGet(() -> Retention.decide(policy, row, now));
  }

  /// The request that drops these; of the logs it keeps what all others need.
  private PruneRequest request(
      Datastore store, KeepPolicy policy, Look look, Set<SnapshotId> drop) {
    Instant now = clock.instant();
    List<Snapshot> kept = look.snapshots().stream().filter(s -> !drop.contains(s.id())).toList();
    Instant window = now.minus(policy.within());
    Instant horizon = (look.begun().isBefore(window) ? look.begun() : window).minus(MARGIN);
    List<LogKeep> logs = logs(store).keep(kept, window, horizon);
    return new PruneRequest(store.name(), drop, logs, now.minus(DEAD_AFTER));
  }

  private StoreLogs logs(Datastore store) {
    return new LogsInVault(vault, clock).of(store);
  }

  /// What a prune by the decision would remove. Only reads.
  public Pruned forecast(Decision decision) {
    return pruner.forecast(decision.request());
  }

  /// Prunes. `PRUNE_REFUSED` while a run is open, since it may need what policy drops.
  ///
  /// @param decided what was shown and approved; what is decided anew, under the lease, drops
  ///   nothing else
  /// @param waiting is asked again and again while so many sessions are open; false gives up
  public Pruned run(
      Datastore store, KeepPolicy policy, Decision decided, Holder holder, IntPredicate waiting) {
    try (Lease alone = leases.acquire(lock(stack), holder, WAIT_FOR_LEASE)) {
      PruneGuard guard = new Guard(alone, waiting);
      Pruner.Hidden hidden;
      try (Lease lease = leases.acquire(stack, holder, WAIT_FOR_LEASE)) {
        refuseOpenRun();
        Look look = look(store, policy);
        Set<SnapshotId> drop = new HashSet<>(look.drop());
        drop.retainAll(decided.request().drop());
        hidden = pruner.hide(request(store, policy, look, drop), new Guard(lease, waiting));
      }
      Pruned pruned =
          pruner
              .sweep(hidden, guard)
              .withRecords(
                  spent.sweep(
                      stack, logs(store), locks(stack), clock.instant(), () -> guard.mayGoOn()));
      rounds(store).keep(clock.instant(), holder.person() + " " + pruned);
      return pruned;
    }
  }

  private static String lock(String stack) {
    return stack + "-prune";
  }

  /// The names under which leases of a stack are taken.
  static List<String> locks(String stack) {
    return List.of(stack, lock(stack), ProofUnderWay.lock(stack));
  }

  /// When the newest prune of the datastore ended that came to its end.
  public Optional<Instant> lastRun(Datastore store) {
    return rounds(store).last();
  }

  private RoundRecords rounds(Datastore store) {
    return new RoundRecords(vault.records(), "prunes/" + store.name() + "/");
  }

  private void refuseOpenRun() {
    Runs runs = new Runs(vault.records());
    runs.list(stack).stream()
        .limit(1)
        .map(run -> runs.load(stack, run))
        .filter(history -> !history.state().isOver())
        .findFirst()
        .ifPresent(open -> {
          throw new ChrysalisException(
              RecoveryErrors.PRUNE_REFUSED,
              "nothing was pruned: run " + open.run() + " is not over and may need what would go",
              "chrysalis resume " + open.run() + ", or chrysalis abort " + open.run() + ", first");
        });
  }

  /// Stops a prune that is not alone any more.
  private record Guard(Lease lease, IntPredicate waiting) implements PruneGuard {
    @Override
    public void mayGoOn() {
      lease.token();
    }

    @Override
    public boolean waitFor(int openSessions) {
      return waiting.test(openSessions);
    }
  }
}
