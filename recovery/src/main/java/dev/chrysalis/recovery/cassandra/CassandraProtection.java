package dev.chrysalis.recovery.cassandra;

import dev.chrysalis.cassandra.control.RestorePoints;
import dev.chrysalis.cassandra.control.RestorePoints.Point;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.recovery.store.ProtectedStore;
import dev.chrysalis.recovery.store.StoreProtection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How well a Cassandra ring is protected at this moment, as the vault shows it: nobody's word is
/// taken for it. It is as well protected as the node that is worst.
record CassandraProtection(Datastore declared, RestorePoints points, Clock clock)
    implements ProtectedStore {
  @Override
  public StoreProtection protection() {
    Optional<Point> newest = points.newest();
    Optional<Duration> age =
        points.recoveryPoint().map(at -> Duration.between(at, clock.instant()));
    return new StoreProtection(
        declared.name(), newest.map(CassandraProtection::window), age, faults(newest, age));
  }

  @Override
  public Optional<Instant> oldest() {
    return points.all().stream().findFirst().map(Point::from);
  }

  private static StoreProtection.Window window(Point point) {
    return new StoreProtection.Window(
        point.backup(), point.from(), point.to().toString(), point.bytes());
  }

  private List<String> faults(Optional<Point> newest, Optional<Duration> age) {
    String name = declared.name();
    if (age.isEmpty() || newest.isEmpty()) {
      return List.of(name + ": nothing in the vault can be restored");
    }
    List<String> faults = new ArrayList<>();
    Duration late = declared.backup().logWithin();
    if (age.get().compareTo(late) > 0) {
      faults.add(
          "%s: the newest restorable moment is %s old, the policy is %s"
              .formatted(name, Durations.show(age.get()), Durations.show(late)));
    }
    Duration snapshotAge = Duration.between(newest.get().from(), clock.instant());
    if (snapshotAge.compareTo(declared.backup().every()) > 0) {
      faults.add(name + ": the newest snapshot is " + Durations.show(snapshotAge) + " old");
    }
    if (newest.get().missingPacks() > 0) {
      faults.add(
          "%s: the newest snapshots lack %d packs".formatted(name, newest.get().missingPacks()));
    }
    return faults;
  }
}
