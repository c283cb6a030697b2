package dev.chrysalis.recovery.postgres;

import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.postgres.control.WalInVault.RestorePoint;
import dev.chrysalis.postgres.control.WalInVault.Shipped;
import dev.chrysalis.recovery.store.ProtectedStore;
import dev.chrysalis.recovery.store.StoreProtection;
import dev.chrysalis.recovery.store.StoreProtection.Window;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How well a PostgreSQL datastore is protected at this moment, as the vault shows it: nobody's
/// word is taken for it.
public record PostgresProtection(Datastore declared, WalInVault wal, Clock clock)
    implements ProtectedStore {
  @Override
  public StoreProtection protection() {
    // In this order: what is shipped between the two looks must not pass for a gap.
    Optional<Shipped> shipped = wal.shipped();
    Optional<RestorePoint> newest = wal.newest();
    Optional<Duration> age = age();
    return new StoreProtection(
        declared.name(), newest.map(PostgresProtection::window), age, faults(shipped, newest, age));
  }

  @Override
  public Optional<Instant> oldest() {
    return wal.restorePoints().stream().findFirst().map(RestorePoint::snapshotAt);
  }

  /// In words: `3 s at this moment`.
  String recoveryPointAge() {
    return age().map(a -> Durations.show(a) + " at this moment").orElse("no backup");
  }

  private Optional<Duration> age() {
    return wal.recoveryPoint().map(at -> Duration.between(at, clock.instant()));
  }

  private static Window window(RestorePoint point) {
    return new Window(point.snapshot(), point.snapshotAt(), end(point), point.bytes());
  }

  /// The newest commit; where none came after the snapshot, the window ends where it begins.
  private static String end(RestorePoint point) {
    return Stream.of(point.newestCommit())
        .filter(commit -> !commit.isEmpty())
        .map(Instant::parse)
        .filter(commit -> commit.isAfter(point.snapshotAt()))
        .findFirst()
        .orElse(point.snapshotAt())
        .toString();
  }

  /// What is shipped where no snapshot leads.
  private static String astray(Shipped shipped, RestorePoint newest) {
    if (shipped.isOf(newest)) {
      return "";
    }
    return shipped.systemIdentifier().equals(newest.systemIdentifier())
        ? "; what is shipped is of timeline %d, to which no snapshot leads: take a new backup (chrysalis backup)"
            .formatted(shipped.timeline())
        : ("; what is shipped is of another cluster (%s instead of %s): take a backup of it"
                + " (chrysalis backup) where it was made anew on purpose, as by pg_upgrade; else bring"
                + " the former one back (chrysalis recover store-lost)")
            .formatted(shipped.systemIdentifier(), newest.systemIdentifier());
  }

  private List<String> faults(
      Optional<Shipped> shipped, Optional<RestorePoint> newest, Optional<Duration> age) {
    Datastore store = declared;
    if (age.isEmpty() || newest.isEmpty()) {
      return List.of(store.name() + ": nothing in the vault can be restored");
    }
    List<String> faults = new ArrayList<>();
    Duration late = store.backup().logWithin();
    if (age.get().compareTo(late) > 0) {
      faults.add(
          "%s: the newest restorable moment is %s old, the policy is %s%s"
              .formatted(
                  store.name(),
                  Durations.show(age.get()),
                  Durations.show(late),
                  shipped.map(to -> astray(to, newest.get())).orElse("")));
    }
    shipped
        .filter(to -> to.isOf(newest.get()))
        .map(Shipped::end)
        .filter(to -> to.compareTo(newest.get().end()) > 0)
        .ifPresent(to ->
            faults.add(
                "%s: there is a gap in the WAL after %s: nothing behind it can be restored until"
                        .formatted(store.name(), newest.get().end())
                    + " a new backup is taken (chrysalis backup)"));
    if (newest.get().damagedPages() > 0) {
      faults.add(
          "%s: %d pages of the newest snapshot (%s) do not have their checksum: the server's disk had"
                  .formatted(store.name(), newest.get().damagedPages(), newest.get().snapshot())
              + " them so, and what they hold is in older snapshots only, if at all; look at the disk,"
              + " then chrysalis restore --into NAME an older moment, or recover");
    }
    Duration snapshotAge = Duration.between(newest.get().snapshotAt(), clock.instant());
    if (snapshotAge.compareTo(store.backup().every()) > 0) {
      faults.add(store.name() + ": the newest snapshot is " + Durations.show(snapshotAge) + " old");
    }
    return faults;
  }
}
