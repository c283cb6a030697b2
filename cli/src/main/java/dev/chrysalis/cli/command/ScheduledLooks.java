package dev.chrysalis.cli.command;

import dev.chrysalis.cli.Site;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.checklist.Checklist;
import dev.chrysalis.recovery.checklist.Look;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Looks at the checklist once an hour, without its sample requests, and keeps the errors of a
/// stack that is well: so that a spike is known when there is one. What fails here is nobody's
/// business but that of later looks; `protect` goes on.
final class ScheduledLooks {
  private static final Duration EVERY = Duration.ofHours(1);

  private final PrintStream out;
  private final OneAtATime beside = new OneAtATime();
  private volatile Instant notBefore = Instant.MIN;

  ScheduledLooks(PrintStream out) {
    this.out = out;
  }

  /// Starts a look that is due, unless one runs.
  void beside(Site site) {
    if (!Instant.now().isBefore(notBefore)) {
      beside.start("look", () -> now(site));
    }
  }

  /// Looks where it is due, and returns when it is done.
  void now(Site site) {
    notBefore = Instant.now().plus(EVERY);
    try {
      Checklist checklist = site.recovery().checklist();
      Optional<Instant> next = checklist.lastKept().map(last -> last.plus(EVERY));
      if (next.filter(Instant.now()::isBefore).isPresent()) {
        return;
      }
      Look look = checklist.goQuietly();
      checklist.keep(look);
    } catch (ChrysalisException e) {
      out.println(
          Instant.now() + " no errors counted to compare with " + e.code() + ": " + e.getMessage());
      out.flush();
    }
  }
}
