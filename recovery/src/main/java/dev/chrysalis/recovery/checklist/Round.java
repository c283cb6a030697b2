package dev.chrysalis.recovery.checklist;

import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.recovery.checklist.errors.ErrorRates;
import dev.chrysalis.recovery.checklist.errors.Measured;
import dev.chrysalis.recovery.checklist.watch.Watch;
import dev.chrysalis.recovery.checklist.watch.Watched;
import java.time.Clock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One look at the whole list: what several boxes need is looked at once. Safe for many threads.
public final class Round {
  private final Since since;
  private final Once<Watched> watched;
  private final Once<Measured> measured;

  Round(Since since, Stack stack, Watch watch, ErrorRates rates, Clock clock) {
    this.since = since;
    this.watched = new Once<>(() -> watch.over(stack.services().values()));
    this.measured =
        new Once<>(() -> {
          Watched seen = watched();
          return rates.of(stack.services().values(), since.errors(), clock.instant(), seen);
        });
  }

  Since since() {
    return since;
  }

  /// What the members showed while they were watched; the first call watches them.
  Watched watched() {
    return watched.get();
  }

  /// The errors that were counted, after the members were watched.
  Measured measured() {
    return measured.get();
  }

  /// A value that is made once. Who asks meanwhile waits for it.
  private static final class Once<T> {
    private final ReentrantLock lock = new ReentrantLock();
    private final Supplier<T> make;
    private @Nullable T made;

    Once(Supplier<T> make) {
      this.make = make;
    }

    T get() {
      lock.lock();
      try {
        T value = made;
        if (value == null) {
          value = make.get();
          made = value;
        }
        return value;
      } finally {
        lock.unlock();
      }
    }
  }
}
