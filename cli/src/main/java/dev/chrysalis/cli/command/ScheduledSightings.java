package dev.chrysalis.cli.command;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.services.ReplicaSightings;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;

/// Looks every five minutes how many members the services have while they are well, and remembers
/// what two looks in a row have seen. A vault or platform that does not answer holds nothing else
/// of `protect` up; it is told once.
final class ScheduledSightings {
  private static final Duration EVERY = Duration.ofMinutes(5);

  private final PrintStream out;
  private final ReplicaSightings sightings;
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile Instant notBefore = Instant.MIN;
  private volatile String told = "";

  ScheduledSightings(PrintStream out, ReplicaSightings sightings) {
    this.out = out;
    this.sightings = sightings;
  }

  /// Starts a look that is due, unless one runs.
  void beside() {
    if (Instant.now().isBefore(notBefore) || !running.compareAndSet(false, true)) {
      return;
    }
    notBefore = Instant.now().plus(EVERY);
    Thread.ofVirtual()
        .name("sightings")
        .start(() -> {
          try {
            telling(sightings::lookAgain);
          } finally {
            running.set(false);
          }
        });
  }

  /// Looks once, and returns when that is done.
  void once() {
    telling(sightings::look);
  }

  private void telling(Runnable look) {
    String now = "";
    try {
      look.run();
    } catch (ChrysalisException e) {
      now = e.code() + ": " + e.getMessage();
    }
    if (!now.isEmpty() && !now.equals(told)) {
      out.println(Instant.now() + " not kept how many replicas services have " + now);
      out.flush();
    }
    told = now;
  }
}
