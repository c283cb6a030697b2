package dev.chrysalis.recovery.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.cassandra.control.RestorePoints;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.recovery.store.StoreProtection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What a vault has of a ring, held against the policy.
class CassandraProtectionTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

  @Test
  void findsNoFaultWhereAllLogsAreThere() {
    assertThat(seen(1, 2, 3, 2).faults()).isEmpty();
  }

  /// What it did not ship the others have; but nobody else tells that its agent is dead.
  @Test
  void namesANodeThatShipsNothingWhileTheOthersAreAQuorum() {
    StoreProtection seen = seen(3, 2, 900, 3);

    assertThat(seen.age()).contains(Duration.ofSeconds(3));
    assertThat(seen.faults())
        .containsExactly(
            "cassandra: not every node ships its log: the vault has that of cassandra-1 up to"
                + " 2026-11-28T11:45:00Z; the policy is 20.0 s");
  }

  /// Each backup of the others is told as one of the ring.
  @Test
  void namesANodeThatIsLeftOutOfAllBackups() {
    assertThat(seen(Duration.ofDays(3), 3, 2).faults())
        .containsExactly(
            "cassandra: not every node is backed up: there are snapshots of cassandra-0 up to"
                + " 2026-11-25T12:00:00Z; the policy is 24 h");
  }

  @Test
  void tellsHowOldTheNewestMomentIsWhereTheyAreNot() {
    assertThat(seen(60, 60, 900, 3).faults())
        .containsExactly(
            "cassandra: the newest restorable moment is 1 min old, the policy is 20.0 s");
  }

  /// @param age of the newest moment, in seconds
  /// @param logs how many seconds ago each node's log ends
  private static StoreProtection seen(long age, long... logs) {
    return seen(Duration.ofMinutes(50), age, logs);
  }

  private static StoreProtection seen(Duration snapshots, long age, long... logs) {
    Datastore declared =
        new Datastore(
            "cassandra",
            new Datastore.Kind.Cassandra(Duration.ofSeconds(10), Duration.ZERO),
            "cassandra",
            9042,
            List.of(),
            new Datastore.BackupPolicy(Duration.ofDays(1), Duration.ofSeconds(20), null, null));
    Map<MemberId, RestorePoints.Held> points = new TreeMap<>();
    for (int i = 0; i < logs.length; i++) {
      points.put(
          new MemberId("cassandra", i),
          new RestorePoints.Held(NOW.minus(snapshots), NOW.minusSeconds(logs[i])));
    }
    return new CassandraProtection(
            declared, new Vaulted(NOW.minusSeconds(age), points), Clock.fixed(NOW, ZoneOffset.UTC))
        .protection();
  }

  /// A vault with one backup of before an hour.
  private record Vaulted(Instant reached, Map<MemberId, Held> points) implements RestorePoints {
    @Override
    public List<Point> all() {
      return List.of(
          new Point("nightly", "5.0.9", NOW.minusSeconds(3600), reached, List.of(), 0, 0));
    }

    @Override
    public Optional<Point> newest() {
      return all().stream().findFirst();
    }

    @Override
    public Optional<Instant> recoveryPoint() {
      return Optional.of(reached);
    }

    @Override
    public Map<MemberId, Held> held() {
      return points;
    }

    @Override
    public Optional<Instant> recoveryPoint(MemberId member) {
      return Optional.ofNullable(points.get(member)).map(Held::acknowledged);
    }

    @Override
    public Set<String> hostIds() {
      return Set.of();
    }

    @Override
    public Set<MemberId> damaged() {
      return Set.of();
    }

    @Override
    public Optional<String> hostId(MemberId member) {
      return Optional.empty();
    }

    @Override
    public Chosen choose(Optional<Instant> to) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Chosen ofBackup(String backup) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Chosen ofSnapshot(String snapshot) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<String> newestSnapshot() {
      throw new UnsupportedOperationException();
    }
  }
}
