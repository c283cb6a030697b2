package dev.chrysalis.postgres.control;

import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.RestoreGoal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A vault whose WAL grows with every look, so that who chooses twice chooses differently.
final class FakeWalInVault implements WalInVault {
  static final String SYSTEM = "7345678901234567890";
  static final Lsn FIRST_END = Lsn.parse("0/50000C0");

  /// Where every goal but the latest lies.
  static final Lsn TARGET = Lsn.parse("0/4800040");

  static final Instant COMMIT = Instant.parse("2026-11-23T02:15:20Z");
  private static final long RECORD = 0x20;
  private static final Commit BEHIND_THE_GAP =
      new Commit(777, Instant.parse("2026-11-23T02:15:28Z"));

  private Lsn end = FIRST_END;
  private int missingPacks;
  private boolean gap;

  /// From now on the newest snapshot lacks packs.
  synchronized void lackPacks(int many) {
    missingPacks = many;
  }

  synchronized Lsn reaches() {
    return end;
  }

  @Override
  public synchronized Optional<End> end(String systemIdentifier, int timeline) {
    if (!systemIdentifier.equals(SYSTEM) || timeline != 1) {
      return Optional.empty();
    }
    Lsn now = grow();
    return Optional.of(new End(now, recordBefore(now), recoveryPoint()));
  }

  /// An agent brought what a dead server had written up to there.
  synchronized void salvaged(Lsn to) {
    end = end.compareTo(to) > 0 ? end : to;
  }

  /// From now on there is a gap before the newest stretch.
  synchronized void loseAStretch() {
    gap = true;
  }

  @Override
  public synchronized boolean covers(String system, int timeline, Lsn from, Lsn to) {
    return !gap;
  }

  @Override
  public synchronized Optional<LeftBehind> leftBehind(String system, int timeline, int by) {
    return Optional.of(
        gap
            ? new LeftBehind(
                Optional.of(FIRST_END),
                7,
                1,
                Optional.of(BEHIND_THE_GAP),
                Optional.of(BEHIND_THE_GAP),
                List.of())
            : new LeftBehind(
                Optional.of(end), 0, 0, Optional.empty(), Optional.empty(), List.of()));
  }

  @Override
  public synchronized Optional<RestorePoint> newest() {
    Lsn now = grow();
    return Optional.of(
        new RestorePoint(
            "snapshot-1",
            Instant.parse("2026-11-23T01:00:00Z"),
            SYSTEM,
            1,
            Instant.parse("2026-11-23T01:00:00Z"),
            Lsn.parse("0/4000060"),
            recordBefore(now),
            now,
            "2026-11-23T02:15:27Z",
            100 << 20,
            missingPacks,
            0));
  }

  @Override
  public synchronized Chosen choose(RestoreGoal goal, Optional<Integer> timeline, Reading reading) {
    RestorePoint newest = newest().orElseThrow();
    boolean latest = goal instanceof RestoreGoal.Latest;
    return new Chosen(
        newest.snapshot(),
        SYSTEM,
        17,
        1,
        latest ? newest.target() : TARGET,
        latest ? Optional.empty() : Optional.of(after(TARGET)),
        Optional.of(COMMIT),
        newest.bytes(),
        missingPacks);
  }

  @Override
  public synchronized Discarded discarded(
      String systemIdentifier, int timeline, Lsn target, Reading reading) {
    return new Discarded(
        3,
        Optional.of(COMMIT.plusSeconds(1)),
        Optional.of(COMMIT.plusSeconds(4)),
        end.minus(target),
        timeline,
        end);
  }

  @Override
  public List<RestorePoint> restorePoints() {
    return newest().stream().toList();
  }

  @Override
  public Optional<RestorePoint> restorePoint(String snapshot) {
    return newest().filter(p -> p.snapshot().equals(snapshot));
  }

  @Override
  public Optional<String> newestSnapshot() {
    return newest().map(RestorePoint::snapshot);
  }

  @Override
  public synchronized Optional<Shipped> shipped() {
    return Optional.of(new Shipped(SYSTEM, 1, end));
  }

  @Override
  public Optional<Instant> recoveryPoint() {
    return Optional.of(Instant.parse("2026-11-23T02:15:27Z"));
  }

  /// Where the record after the one that begins at `target` begins.
  static Lsn after(Lsn target) {
    return target.plus(RECORD);
  }

  private Lsn grow() {
    Lsn now = end;
    end = end.plus(RECORD);
    return now;
  }

  private static Lsn recordBefore(Lsn end) {
    return new Lsn(end.value() - RECORD);
  }
}
