package dev.chrysalis.cassandra.control;

import dev.chrysalis.model.MemberId;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// A vault whose logs grow with every look, so that who chooses twice chooses differently.
final class FakeRingPoints implements RestorePoints {
  private final Clock clock;
  private final Supplier<Set<MemberId>> damaged;
  private long end = 5000;

  /// @param damaged the members with a damaged SSTable
  FakeRingPoints(Clock clock, Supplier<Set<MemberId>> damaged) {
    this.clock = clock;
    this.damaged = damaged;
  }

  @Override
  public List<Point> all() {
    return newest().stream().toList();
  }

  @Override
  public Optional<Point> newest() {
    return Optional.of(
        new Point(
            "backup-1",
            "5.0.9",
            Instant.EPOCH,
            clock.instant(),
            List.of("snapshot-0", "snapshot-1", "snapshot-2"),
            100 << 20,
            0));
  }

  @Override
  public Optional<Instant> recoveryPoint() {
    return Optional.of(clock.instant());
  }

  @Override
  public Map<MemberId, Held> held() {
    return Map.of();
  }

  @Override
  public Optional<Instant> recoveryPoint(MemberId member) {
    return recoveryPoint();
  }

  @Override
  public Set<String> hostIds() {
    return Set.of("host-0", "host-1", "host-2");
  }

  @Override
  public Set<MemberId> damaged() {
    return damaged.get();
  }

  @Override
  public Optional<String> hostId(MemberId member) {
    return Optional.of("host-" + member.ordinal());
  }

  @Override
  public Chosen ofBackup(String backup) {
    return choose(Optional.empty());
  }

  @Override
  public Chosen ofSnapshot(String snapshot) {
    return choose(Optional.empty());
  }

  @Override
  public synchronized Chosen choose(Optional<Instant> to) {
    end += 7;
    Map<MemberId, Part> parts = new HashMap<>();
    for (MemberId node : FakeRing.NODES) {
      parts.put(
          node,
          new Part(
              "snapshot-" + node.ordinal(),
              "backup-1",
              "host-" + node.ordinal(),
              "5.0.9",
              Optional.of("%s/0a1b:100-%d".formatted(node, end)),
              100 << 20,
              0));
    }
    return new Chosen(to.orElse(clock.instant()), to, parts, List.of());
  }

  @Override
  public Optional<String> newestSnapshot() {
    return Optional.of("snapshot-0");
  }
}
