package dev.chrysalis.redis.agent.log;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.Stopper;
import dev.chrysalis.redis.RedisErrors;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/// Has the server rewrite its append-only file, or write an RDB, and waits until it has. For one
/// thread.
final class AofRewrite {
  private static final Duration LOOK = Duration.ofMillis(50);

  private final AofServer server;
  private final Duration patience;
  private final BaseProgress progress;
  private final Stopper stopper;

  /// @param patience how long a rewrite, and what the server does before it, may take
  AofRewrite(AofServer server, Duration patience, BaseProgress progress, Stopper stopper) {
    this.server = server;
    this.patience = patience;
    this.progress = progress;
    this.stopper = stopper;
  }

  /// Waits until the server neither rewrites nor saves.
  ServerMoment awaitQuiet() {
    return await(
        "waiting for what the server writes already",
        () -> {
          ServerMoment now = server.moment();
          return !now.rewrites() && !now.saving();
        });
  }

  /// Rewrites; returns what the server said at the end.
  ///
  /// @param seen whether the rewritten files are there
  ServerMoment rewrite(BooleanSupplier seen) {
    ServerMoment _ = awaitQuiet();
    server.rewrite();
    ServerMoment end = await("the server rewrites its file", () -> seen.getAsBoolean() || isOver());
    return awaited(seen.getAsBoolean() && end.lastRewriteWell(), "rewrite its append-only file");
  }

  private boolean isOver() {
    ServerMoment now = server.moment();
    return !now.rewrites() && !now.lastRewriteWell();
  }

  /// An RDB that was written.
  ///
  /// @param moment what the server said when it was there
  /// @param at the moment that it stands for: the server answers when it has forked
  record Saved(ServerMoment moment, Instant at) {}

  Saved save(Clock clock) {
    server.save();
    Instant at = clock.instant();
    ServerMoment end = await("the server writes its RDB", () -> !server.moment().saving());
    return new Saved(awaited(end.lastSaveWell(), "write an RDB"), at);
  }

  void requireWell(ServerMoment moment) {
    if (!moment.lastRewriteWell()) {
      throw failed("the server could not rewrite its append-only file");
    }
  }

  private ServerMoment awaited(boolean well, String what) {
    if (!well) {
      throw failed("the server could not " + what);
    }
    return server.moment();
  }

  private ServerMoment await(String stage, BooleanSupplier done) {
    long begun = System.nanoTime();
    while (!done.getAsBoolean()) {
      progress.progress(stage, 0, 0);
      if (System.nanoTime() - begun > patience.toNanos()) {
        throw failed(stage + ": not done after " + patience.toSeconds() + " s");
      }
      if (stopper.awaitStop(LOOK)) {
        throw new ChrysalisException(
            RedisErrors.INTERRUPTED, "told to stop while: " + stage, "start it again");
      }
    }
    return server.moment();
  }

  private static ChrysalisException failed(String what) {
    return new ChrysalisException(
        RedisErrors.BASE_FAILED,
        what,
        "see the server's log: it needs room on its volume, and memory for a second process");
  }
}
