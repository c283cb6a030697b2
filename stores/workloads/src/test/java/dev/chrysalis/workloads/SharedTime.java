package dev.chrysalis.workloads;

import dev.chrysalis.engine.Ticker;
import dev.chrysalis.platform.job.Patience;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Time that several controllers share and that costs none: who waits lets it pass at once, in
/// steps of a second; after each, the hearts of all leases have beaten, as in real life. A heart
/// waits for time that others let pass.
public final class SharedTime {
  private static final long STEP = TimeUnit.SECONDS.toNanos(1);

  private static final long NEWBORN_PATIENCE = TimeUnit.MILLISECONDS.toNanos(200);

  private record Sleeper(View view, Thread heart, long end) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Sleeper> sleepers = new HashSet<>();
  private final Set<Thread> beating = new HashSet<>();
  private final Instant begin = Instant.parse("2026-11-23T02:15:30Z");
  private int newborn;
  private long nanos;

  /// A lease was taken: no time passes until its heart waits for its first beat.
  public void expectHeart() {
    lock.lock();
    try {
      newborn++;
    } finally {
      lock.unlock();
    }
  }

  /// A lease was given back or its controller died: if its heart never beat, it never will.
  public void expectNoHeart() {
    lock.lock();
    try {
      newborn = Math.max(0, newborn - 1);
    } finally {
      lock.unlock();
    }
  }

  /// A controller's view, which stands still while that controller is suspended.
  public View view() {
    return new View();
  }

  public Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return begin.plusNanos(now());
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
      }
    };
  }

  public static boolean inHeart() {
    return Thread.currentThread().getName().startsWith("lease-");
  }

  private long now() {
    lock.lock();
    try {
      return nanos;
    } finally {
      lock.unlock();
    }
  }

  private void pass(Duration time) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long end = nanos + time.toNanos();
      while (nanos < end) {
        nanos = Math.min(end, nanos + STEP);
        changed.signalAll();
        awaitHearts();
      }
    } finally {
      lock.unlock();
    }
  }

  private void awaitHearts() throws InterruptedException {
    long patience = System.nanoTime() + NEWBORN_PATIENCE;
    while (true) {
      // A controller that died as it took the lease has no heart.
      newborn = System.nanoTime() < patience ? newborn : 0;
      beating.removeIf(heart -> !heart.isAlive());
      boolean due =
          sleepers.stream().anyMatch(s -> !s.view().suspended && s.end() <= nanos)
              || !beating.isEmpty()
              || newborn > 0;
      if (!due) {
        return;
      }
      boolean _ = changed.await(1, TimeUnit.MILLISECONDS);
    }
  }

  private void sleep(View view, Duration time) throws InterruptedException {
    lock.lock();
    try {
      if (!beating.remove(Thread.currentThread())) {
        newborn = Math.max(0, newborn - 1);
      }
      Sleeper sleeper = new Sleeper(view, Thread.currentThread(), nanos + time.toNanos());
      sleepers.add(sleeper);
      changed.signalAll();
      try {
        while (nanos < sleeper.end() || view.suspended) {
          changed.await();
        }
        beating.add(Thread.currentThread());
      } finally {
        sleepers.remove(sleeper);
      }
    } finally {
      lock.unlock();
    }
  }

  /// One controller's time.
  public final class View implements Ticker, Patience {
    private boolean suspended;

    @Override
    public long nanos() {
      return now();
    }

    @Override
    public void pause(Duration time) {
      try {
        passOrSleep(time);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /// As the engine waits: an interruption ends it.
    public Ticker ticker() {
      return new Ticker() {
        @Override
        public long nanos() {
          return now();
        }

        @Override
        public void pause(Duration time) throws InterruptedException {
          passOrSleep(time);
        }
      };
    }

    private void passOrSleep(Duration time) throws InterruptedException {
      if (inHeart()) {
        sleep(this, time);
      } else {
        awaitLife();
        pass(time);
      }
    }

    @Override
    public Duration silence() {
      return Duration.ofMinutes(2);
    }

    public void suspend(boolean now) {
      lock.lock();
      try {
        suspended = now;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /// Returns once the controller is not suspended.
    public void awaitLife() throws InterruptedException {
      lock.lockInterruptibly();
      try {
        while (suspended) {
          changed.await();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
