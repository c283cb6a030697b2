package dev.chrysalis.recovery.cassandra;

import dev.chrysalis.cassandra.control.RestorePoints;
import dev.chrysalis.cassandra.control.RestorePoints.Held;
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
import java.util.function.Function;
import java.util.stream.Collectors;

/// How well a Cassandra ring is protected at this moment, as the vault shows it: nobody's word is
/// taken for it. What a quorum of the nodes has shipped is protected; a node that ships nothing is
/// a fault all the same.
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

  /// The nodes that hide behind others: what a quorum acknowledged is elsewhere, too, but the next
  /// node that is gone may not be spared.
  private Optional<String> hidden(Function<Held, Instant> moment, Duration within) {
    Instant since = clock.instant().minus(within);
    return Optional.of(
            points.held().entrySet().stream()
                .filter(node -> moment.apply(node.getValue()).isBefore(since))
                .map(node -> node.getKey() + " up to " + moment.apply(node.getValue()))
                .collect(Collectors.joining(", ")))
        .filter(nodes -> !nodes.isEmpty());
  }

  private String fault(String text, Duration policy) {
    return "%s: %s; the policy is %s".formatted(declared.name(), text, Durations.show(policy));
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
    } else {
      hidden(Held::acknowledged, late)
          .map(nodes -> "not every node ships its log: the vault has that of " + nodes)
          .ifPresent(text -> faults.add(fault(text, late)));
    }
    Duration snapshotAge = Duration.between(newest.get().from(), clock.instant());
    if (snapshotAge.compareTo(declared.backup().every()) > 0) {
      faults.add(name + ": the newest snapshot is " + Durations.show(snapshotAge) + " old");
    } else {
      Duration twice = declared.backup().every().multipliedBy(2);
      hidden(Held::taken, twice)
          .map(nodes -> "not every node is backed up: there are snapshots of " + nodes)
          .ifPresent(text -> faults.add(fault(text, declared.backup().every())));
    }
    if (newest.get().missingPacks() > 0) {
      faults.add(
          "%s: the newest snapshots lack %d packs".formatted(name, newest.get().missingPacks()));
    }
    return faults;
  }
}
