package dev.chrysalis.recovery;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.Finding;
import dev.chrysalis.model.Finding.Severity;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.control.PostgresPlans;
import dev.chrysalis.postgres.control.ProtectAgain;
import dev.chrysalis.postgres.control.RestoreInPlace;
import dev.chrysalis.postgres.control.RestoreMember;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.postgres.control.WalInVault.RestorePoint;
import dev.chrysalis.recovery.forecast.Speeds;
import dev.chrysalis.vault.proof.Proofs;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Protection as the vault shows it at this moment: nobody's word is taken for it.
public final class VaultProtection implements Protection {
  /// Assumed until a run has measured better: what one core restores, and what a server replays.
  private static final long RESTORE_BYTES_PER_SECOND = 100L << 20;

  private static final Duration START = Duration.ofSeconds(3);

  private final Stack stack;
  private final WalInVault wal;
  private final Proofs proofs;
  private final Clock clock;

  public VaultProtection(Stack stack, WalInVault wal, Proofs proofs, Clock clock) {
    this.stack = stack;
    this.wal = wal;
    this.proofs = proofs;
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
  public ProtectionView look() {
    try {
      // In this order: what is shipped between the two looks must not pass for a gap.
      Optional<Lsn> shipped = wal.shippedTo();
      Optional<RestorePoint> newest = wal.newest();
      Optional<Duration> age = recoveryPointAge();
      List<Finding> findings = new ArrayList<>();
      for (Datastore store : stack.datastores().values()) {
        faults(store, shipped, newest, age).forEach(f -> findings.add(finding(f)));
        findings.addAll(proofs(store));
      }
      return new ProtectionView.Seen(newest, age, findings);
    } catch (ChrysalisException e) {
      if (e.code().category() == Category.INTERRUPTED) {
        throw e;
      }
      return new ProtectionView.Unreadable(
          stack.name(), e.code(), String.valueOf(e.getMessage()), e.hint());
    }
  }

  private List<Finding> proofs(Datastore store) {
    try {
      return ProofAge.of(store, proofs, clock.instant()).stream()
          .flatMap(proof -> proof.finding(this::oldest).stream())
          .toList();
    } catch (ChrysalisException e) {
      if (e.code().category() != Category.DAMAGED) {
        throw e;
      }
      // The data may be well all the same: only what is known of its proofs is not.
      String text = "%s: a proof cannot be read: %s".formatted(store.name(), e.getMessage());
      return List.of(
          new Finding(
              ProofAge.KINDS + "unreadable", Severity.WARNING, store.name(), text, Map.of()));
    }
  }

  private Optional<Instant> oldest() {
    return wal.restorePoints().stream().findFirst().map(RestorePoint::snapshotAt);
  }

  private Finding finding(String fault) {
    return new Finding("protection", Severity.WARNING, stack.name(), fault, Map.of());
  }

  private List<String> faults(
      Datastore store,
      Optional<Lsn> shipped,
      Optional<RestorePoint> newest,
      Optional<Duration> age) {
    if (age.isEmpty() || newest.isEmpty()) {
      return List.of(store.name() + ": nothing in the vault can be restored");
    }
    List<String> faults = new ArrayList<>();
    Duration late = store.backup().logWithin();
    if (age.get().compareTo(late) > 0) {
      faults.add(
          "%s: the newest restorable moment is %s old, the policy is %s"
              .formatted(store.name(), Durations.show(age.get()), Durations.show(late)));
    }
    shipped
        .filter(to -> to.compareTo(newest.get().end()) > 0)
        .ifPresent(to ->
            faults.add(
                "%s: there is a gap in the WAL after %s: nothing behind it can be restored until"
                        .formatted(store.name(), newest.get().end())
                    + " a new backup is taken (chrysalis backup)"));
    Duration snapshotAge = Duration.between(newest.get().snapshotAt(), clock.instant());
    if (snapshotAge.compareTo(store.backup().every()) > 0) {
      faults.add(store.name() + ": the newest snapshot is " + Durations.show(snapshotAge) + " old");
    }
    return faults;
  }

  /// What plans are costed with: by what runs have shown, else by what is assumed.
  public PostgresPlans.Forecast forecast(Speeds speeds) {
    long bytes = newest().map(RestorePoint::bytes).orElse(0L);
    Duration assumed = START.plusSeconds(bytes / RESTORE_BYTES_PER_SECOND);
    Map<String, Duration> measured = new TreeMap<>(speeds.fixed());
    speeds
        .of(RestoreInPlace.NAME, bytes)
        .ifPresent(took -> measured.put(RestoreInPlace.NAME, took));
    return new PostgresPlans.Forecast(
        speeds.of(RestoreMember.NAME, bytes).orElse(assumed),
        START,
        speeds.of(ProtectAgain.NAME, bytes).orElse(assumed),
        recoveryPointAge().map(a -> Durations.show(a) + " at this moment").orElse("no backup"),
        measured);
  }
}
