package dev.chrysalis.redis.control;

import dev.chrysalis.model.MemberId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A vault whose log grows with every look, so that who chooses twice chooses differently.
final class FakeRestorePoints implements RestorePoints {
  static final long KEYS = 100;
  private static final Instant BASE = Instant.parse("2026-11-23T01:00:00Z");

  private final Clock clock;
  private long end = 5000;
  private int missingPacks;
  private boolean accepted;
  private @Nullable CameUpEmpty cameUpEmpty;

  FakeRestorePoints(Clock clock) {
    this.clock = clock;
  }

  /// From now on the newest snapshot lacks packs.
  synchronized void lackPacks(int many) {
    missingPacks = many;
  }

  @Override
  public List<Point> all() {
    return newest().stream().toList();
  }

  @Override
  public synchronized Optional<Point> newest() {
    return Optional.of(
        new Point(
            "snapshot-1",
            new MemberId("redis", 0),
            "7.0.15",
            BASE,
            clock.instant(),
            true,
            KEYS,
            100 << 20,
            missingPacks));
  }

  @Override
  public Optional<Instant> recoveryPoint() {
    return Optional.of(clock.instant());
  }

  @Override
  public Optional<Instant> recoveryPoint(MemberId member) {
    return recoveryPoint();
  }

  @Override
  public synchronized Past past() {
    return new Past(OptionalLong.of(KEYS), Optional.ofNullable(cameUpEmpty));
  }

  /// From now on it tells that a member came up empty.
  synchronized void cameUpEmpty(MemberId member) {
    cameUpEmpty = new CameUpEmpty(member, clock.instant(), KEYS);
  }

  synchronized boolean accepted() {
    return accepted;
  }

  @Override
  public synchronized void accept(Instant at) {
    cameUpEmpty = null;
    accepted = true;
  }

  @Override
  public synchronized Chosen choose(Optional<Instant> to) {
    end += 7;
    return new Chosen(
        "snapshot-1",
        "7.0.15",
        Optional.of("redis-0/0a1b"),
        100,
        end,
        to.orElse(clock.instant()),
        KEYS,
        100 << 20,
        missingPacks);
  }

  @Override
  public Chosen ofSnapshot(String snapshot) {
    return choose(Optional.empty());
  }

  @Override
  public Optional<String> newestSnapshot() {
    return newest().map(Point::snapshot);
  }
}
