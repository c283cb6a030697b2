package dev.chrysalis.recovery;

import dev.chrysalis.engine.Ticker;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.control.PostgresAgents;
import java.time.Duration;
import java.util.Map;

/// The server of a copy, which replays to its target and stands still there.
record CopyServer(MemberId member, Platform platform, PostgresAgents agents, Ticker ticker) {
  private static final Duration PATIENCE = Duration.ofHours(3);
  private static final Duration PACE = Duration.ofMillis(300);

  /// A server that replays needs some segments at once.
  private static final long LEAST_ROOM = 64L << 20;

  /// Returns when it can be read. `RECOVERY_STOPPED` where it does not start, `NO_ROOM` where that
  /// is for a full volume, `JOB_UNKNOWN` where it takes too long.
  void awaitTarget(Lsn target) {
    long until = ticker.nanos() + PATIENCE.toNanos();
    while (ticker.nanos() < until) {
      if (standsAt(target)) {
        return;
      }
      refuseCrashing();
      pause();
    }
    throw new ChrysalisException(
        PlatformErrors.JOB_UNKNOWN,
        member + " did not reach " + target + " in " + PATIENCE.toHours() + " h",
        "see its log, or drop it: chrysalis restore --drop " + member.workload());
  }

  /// Whether it answers and has replayed all that it is to.
  boolean standsAt(Lsn target) {
    Map<String, String> status = agents.status(member);
    return "standby".equals(status.get("role"))
        && "true".equals(status.get("replayPaused"))
        && Lsn.parse(status.getOrDefault("replayed", "0/0")).compareTo(target) > 0;
  }

  private void refuseCrashing() {
    for (Member seen : platform.workload(member.workload()).members()) {
      if (seen.phase() == Member.Phase.CRASH_LOOPING) {
        refuseFull();
        throw new ChrysalisException(
            PostgresErrors.RECOVERY_STOPPED,
            member + " does not start: " + seen.lastExit(),
            String.join(" | ", platform.logs(member, "", 3)));
      }
    }
  }

  /// A server that stops on a full volume says nothing about what it was restored from.
  private void refuseFull() {
    long free = platform.volume(member).freeBytes();
    if (free < LEAST_ROOM) {
      throw new ChrysalisException(
          PostgresErrors.NO_ROOM,
          "%s does not start: %d MB are free for it".formatted(member, free >> 20),
          "make room, then drop it and begin again: chrysalis restore --drop " + member.workload());
    }
  }

  private void pause() {
    try {
      ticker.pause(PACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChrysalisException(
          PostgresErrors.INTERRUPTED,
          "interrupted while the copy replays",
          "give the same command again: it goes on",
          e);
    }
  }
}
