package dev.chrysalis.recovery;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Leases;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.backend.ObjectLock;
import dev.chrysalis.vault.lock.LockKeeper;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Holds what a stack's restores need, round after round, as long as they need it. Each round
/// extends what has less than half of the lock left, and rounds are an eighth of it apart: so no
/// object that is needed ever has less than three eighths left.
public final class Holding {
  private static final int ROUNDS_IN_A_LOCK = 8;

  private final Stack stack;
  private final Vault vault;
  private final LockKeeper keeper;
  private final Leases leases;
  private final Clock clock;

  public Holding(Stack stack, Vault vault, LockKeeper keeper, Leases leases, Clock clock) {
    this.stack = stack;
    this.vault = vault;
    this.keeper = keeper;
    this.leases = leases;
    this.clock = clock;
  }

  /// How long after a round the next one is due.
  public static Duration every(ObjectLock lock) {
    return Duration.ofDays(lock.days()).dividedBy(ROUNDS_IN_A_LOCK);
  }

  /// When the newest round ended that held everything.
  public static Optional<Instant> lastRound(String stack, RecordStore records) {
    return rounds(stack, records).last();
  }

  /// Makes a round. It is kept as done only where it could read what all snapshots need.
  public LockKeeper.Held round(Holder holder, LockKeeper.Progress progress) {
    List<String> stores = stack.datastores().values().stream().map(Datastore::name).toList();
    Set<String> spent = spent();
    LockKeeper.Held held = keeper.run(stores, record -> !spent.contains(record), progress);
    if (held.unread() == 0) {
      rounds(stack.name(), vault.records()).keep(clock.instant(), holder.person() + " " + held);
    }
    return held;
  }

  /// Small records that nobody reads any more are not worth a request.
  private Set<String> spent() {
    Set<String> spent = new HashSet<>();
    Pruning.locks(stack.name()).forEach(lock -> spent.addAll(leases.spentBeats(lock)));
    LogsInVault logs = new LogsInVault(vault, clock);
    stack
        .datastores()
        .values()
        .forEach(store -> spent.addAll(logs.of(store).marksBefore(clock.instant())));
    return spent;
  }

  private static RoundRecords rounds(String stack, RecordStore records) {
    return new RoundRecords(records, "holds/" + stack + "/");
  }
}
