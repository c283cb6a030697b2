package dev.chrysalis.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Time that passes only when told to, except for its owner: when the owner waits, the time that it
/// waits for has passed at once. Everybody else's waiting ends when enough was told or passed.
public final class FakeTicker implements Ticker {
  private final Thread owner = Thread.currentThread();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition passed = lock.newCondition();
  private final Instant begin = Instant.parse("2026-11-23T02:15:30Z");
  private long nanos;
  private int sleepers;

  @Override
  public long nanos() {
    lock.lock();
    try {
      return nanos;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void pause(Duration time) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (Thread.currentThread() == owner) {
        advance(time);
        return;
      }
      long end = nanos + time.toNanos();
      sleepers++;
      try {
        while (nanos < end) {
          passed.await();
        }
      } finally {
        sleepers--;
      }
    } finally {
      lock.unlock();
    }
  }

  /// How many threads wait for time to pass: who advances it before they wait, advances it for
  /// nothing. A thread whose waiting is over counts until it runs again.
  int sleepers() {
    lock.lock();
    try {
      return sleepers;
    } finally {
      lock.unlock();
    }
  }

  /// Lets time pass.
  public void advance(Duration time) {
    lock.lock();
    try {
      nanos += time.toNanos();
      passed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// A wall clock that goes with it.
  public Clock clock() {
    return new Clock() {
      @Override
      public Instant instant() {
        return begin.plusNanos(nanos());
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
}
