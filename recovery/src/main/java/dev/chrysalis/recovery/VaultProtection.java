package dev.chrysalis.recovery;

import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.postgres.control.PostgresPlans;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.postgres.control.WalInVault.RestorePoint;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Protection as the vault shows it at this moment: nobody's word is taken for it.
public final class VaultProtection implements Protection {
  /// Assumed until a run has measured better: what one core restores, and what a server replays.
  private static final long RESTORE_BYTES_PER_SECOND = 100L << 20;

  private static final Duration START = Duration.ofSeconds(3);

  private final Stack stack;
  private final WalInVault wal;
  private final Clock clock;

  public VaultProtection(Stack stack, WalInVault wal, Clock clock) {
    this.stack = stack;
    this.wal = wal;
    this.clock = clock;
  }

  /// The newest moment that can be restored, if any.
  public Optional<RestorePoint> newest() {
    return wal.newest();
  }

  /// How far the newest restorable moment lags behind now; empty where nothing can be restored.
  public Optional<Duration> recoveryPointAge() {
    return wal.recoveryPoint().map(at -> Duration.between(at, clock.instant()));
  }

  @Override
  public List<String> faults() {
    List<String> faults = new ArrayList<>();
    for (Datastore store : stack.datastores().values()) {
      Optional<Duration> age = recoveryPointAge();
      if (age.isEmpty() || wal.newest().isEmpty()) {
        faults.add(store.name() + ": nothing in the vault can be restored");
        continue;
      }
      if (age.get().compareTo(store.backup().logWithin()) > 0) {
        faults.add(
            "%s: the newest restorable moment is %s old, %s is the policy"
                .formatted(
                    store.name(),
                    Durations.show(age.get()),
                    Durations.show(store.backup().logWithin())));
      }
      snapshotFault(store).ifPresent(faults::add);
    }
    return faults;
  }

  private Optional<String> snapshotFault(Datastore store) {
    Optional<Instant> taken = wal.newest().map(RestorePoint::snapshotAt);
    return taken
        .map(at -> Duration.between(at, clock.instant()))
        .filter(age -> age.compareTo(store.backup().every()) > 0)
        .map(age -> store.name() + ": the newest snapshot is " + Durations.show(age) + " old");
  }

  @Override
  public String summary() {
    return recoveryPointAge()
            .map(a -> "recovery point " + Durations.show(a) + " ago")
            .orElse("none")
        + wal.newest().map(p -> ", snapshot " + p.snapshot()).orElse("");
  }

  /// What plans are costed with.
  public PostgresPlans.Forecast forecast() {
    long bytes = newest().map(RestorePoint::bytes).orElse(0L);
    Duration copy = START.plusSeconds(bytes / RESTORE_BYTES_PER_SECOND);
    return new PostgresPlans.Forecast(
        copy,
        START,
        copy,
        recoveryPointAge().map(a -> Durations.show(a) + " at this moment").orElse("no backup"));
  }
}
