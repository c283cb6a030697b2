package dev.chrysalis.redis.agent.log;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.Stopper;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.Vault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Brings the base of a log that begins into the vault, beside the shipping of the log itself;
/// tries again, after a growing pause, until it is there.
final class BaseShipment implements Runnable {
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  private final BaseWriter writer;
  private final ShipperSettings settings;
  private final LogName log;
  private final BasePart part;
  private final Optional<Path> users;
  private final AtomicLong covered;
  private final Stopper stopper;
  private final Consumer<ShipEvent> events;

  /// @param covered up to which position the vault has the log
  /// @param stopper is stopped when the log goes no further
  BaseShipment(
      Vault vault,
      ShipperSettings settings,
      LogName log,
      BasePart part,
      Optional<Path> users,
      AtomicLong covered,
      Stopper stopper,
      Consumer<ShipEvent> events) {
    this.writer = new BaseWriter(vault, settings.store(), BaseProgress.silent());
    this.settings = settings;
    this.log = log;
    this.part = part;
    this.users = users;
    this.covered = covered;
    this.stopper = stopper;
    this.events = events;
  }

  @Override
  public void run() {
    Duration pause = FIRST_PAUSE;
    try (part) {
      while (!stopper.isStopped() && !attempt()) {
        boolean _ = stopper.awaitStop(pause);
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(settings.retryAtMost()) < 0 ? doubled : settings.retryAtMost();
      }
    }
  }

  private boolean attempt() {
    try {
      Snapshot base = writer.write(part, settings.configuration(), users, this::awaitCovered);
      events.accept(new ShipEvent.BaseTaken(log, base));
      return true;
    } catch (ChrysalisException e) {
      if (!e.code().equals(RedisErrors.INTERRUPTED)) {
        events.accept(AofShipper.failing(e));
      }
      return false;
    }
  }

  private void awaitCovered() {
    while (covered.get() < part.facts().need()) {
      if (stopper.awaitStop(LOOK)) {
        throw new ChrysalisException(
            RedisErrors.INTERRUPTED, "the log ended before its base was covered", "wait");
      }
    }
  }
}
