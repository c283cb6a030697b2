package dev.chrysalis.engine;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A step's deadline, and its patience: how errors that may pass are waited out. The deadline
/// counts from `start`, by monotonic time; a resumed step has a fresh one.
final class StepClock {
  private final RunLog log;
  private final Step step;
  private final Pace pace;
  private final Ticker ticker;
  private long began;
  private Duration interval;
  private String lastNote = "";

  StepClock(RunLog log, Step step, Pace pace) {
    this.log = log;
    this.step = step;
    this.pace = pace;
    this.ticker = log.surroundings().ticker();
    this.interval = pace.first();
  }

  void start() {
    began = ticker.nanos();
    interval = pace.first();
  }

  /// Repeats a look until it answers, past errors that may pass.
  <T> T untilItAnswers(Supplier<T> look) {
    while (true) {
      try {
        return look.get();
      } catch (ChrysalisException e) {
        if (!mayPassWhileLooking(e)) {
          throw e;
        }
        noteOnce("cannot look yet: " + e.getMessage());
        waitOn("an answer (" + e.getMessage() + ")", e);
      }
    }
  }

  /// One look; an error that may pass counts as not yet.
  Probe probe(Supplier<Probe> look) {
    try {
      return look.get();
    } catch (ChrysalisException e) {
      if (!mayPassWhileLooking(e)) {
        throw e;
      }
      return new Probe.Waiting("an answer (" + e.getMessage() + ")");
    }
  }

  /// Repeats a convergent act past errors that may pass.
  void retryingPassingErrors(Runnable act) {
    while (true) {
      try {
        act.run();
        interval = pace.first();
        return;
      } catch (ChrysalisException e) {
        Category category = e.code().category();
        if (category != Category.PLATFORM && category != Category.VAULT) {
          throw e;
        }
        noteOnce("failed, tried again: " + e.getMessage() + " (" + e.code() + ")");
        waitOn("its act to succeed: " + e.getMessage() + " (" + e.code() + ")", e);
      }
    }
  }

  void waitOn(String what) {
    waitOn(what, null);
  }

  private void waitOn(String what, @Nullable ChrysalisException cause) {
    log.observer().waitingFor(step, what);
    if (ticker.nanos() - began >= step.deadline().toNanos()) {
      throw new ChrysalisException(
          EngineErrors.STEP_TIMED_OUT,
          "not done within " + StepTask.words(step.deadline()) + ": it waited for " + what,
          cause != null ? cause.hint() : "Look why that does not come about.",
          cause);
    }
    log.token();
    try {
      ticker.pause(interval);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RunLog.interruption(e);
    }
    interval = pace.next(interval);
  }

  private static boolean mayPassWhileLooking(ChrysalisException e) {
    Category category = e.code().category();
    return category == Category.PLATFORM
        || category == Category.VAULT
        || category == Category.STORE;
  }

  private void noteOnce(String text) {
    if (!text.equals(lastNote)) {
      lastNote = text;
      log.append(new JournalEntry.Noted(step.id(), text));
    }
  }
}
