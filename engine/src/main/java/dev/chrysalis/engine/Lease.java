package dev.chrysalis.engine;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.model.Token;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The right to change a stack, held by this process until it is closed or lost. Safe for many
/// threads.
///
/// 1. A background thread writes a new beat every fifth of the time to live.
/// 2. A beat counts from the moment in which its write *began*, and only when the write was
///    acknowledged before the previous beat stopped counting. It stops counting after four fifths
///    of the time to live, by monotonic time or by the wall clock, whichever saw more pass (a
///    suspended machine's monotonic clock may stand still).
/// 3. A lease that has once stopped counting never counts again.
/// 4. Closing writes the end, so that the next one need not wait.
///
/// Kept: at no moment do two holders hold a counting lease. A contender takes over only after a
/// listing that it began a whole time to live after it first saw the newest beat; had a later beat
/// been acknowledged in time, that listing would have shown it. So a controller that is paused, and
/// wakes after another took over, is refused by `token()` before it changes anything; a changing
/// call that was already under way is refused by its receiver, who has seen a higher token.
public final class Lease implements AutoCloseable {
  private record Beat(long nanos, Instant at) {}

  private final RecordStore records;
  private final Surroundings surroundings;
  private final String stack;
  private final Token token;
  private final Duration timeToLive;
  private final ReentrantLock beating = new ReentrantLock();
  private final Thread heart;
  private volatile Beat last;
  private volatile boolean lost;
  private volatile boolean closed;
  private volatile @Nullable ChrysalisException trouble;
  private long beats;

  Lease(
      RecordStore records,
      Surroundings surroundings,
      String stack,
      Token token,
      Duration timeToLive,
      long takenNanos,
      Instant takenAt) {
    this.records = records;
    this.surroundings = surroundings;
    this.stack = stack;
    this.token = token;
    this.timeToLive = timeToLive;
    this.last = new Beat(takenNanos, takenAt);
    this.heart = Thread.ofVirtual().name("lease-" + stack).unstarted(this::beatOn);
  }

  void start() {
    heart.start();
  }

  public String stack() {
    return stack;
  }

  /// The token's number, whether the lease counts or not: to compare with, not to act with.
  long number() {
    return token.value();
  }

  /// The token for changing calls; throws `LEASE_LOST` when the lease does not count any more.
  public Token token() {
    if (!counts()) {
      throw new ChrysalisException(
          EngineErrors.LEASE_LOST,
          "the lease on stack " + stack + " (token " + token + ") is lost",
          "Another controller may have taken over: see `chrysalis status`. When nobody has, "
              + "`chrysalis resume` goes on where this one stopped.",
          trouble);
    }
    return token;
  }

  /// Writes one beat now. Errors of the store go to the caller; the lease goes on counting from the
  /// beat before.
  void beat() {
    beating.lock();
    try {
      if (closed || !counts()) {
        return;
      }
      Beat began = now();
      beats++;
      boolean ours = records.create(RecordKeys.beat(stack, token, beats), body("beat"));
      boolean overtaken = records.read(RecordKeys.held(stack, next())).isPresent();
      if (!ours || overtaken) {
        lost = true;
      } else if (counts()) {
        last = began;
      }
    } finally {
      beating.unlock();
    }
  }

  /// Releases the lease. May be called again. When the end cannot be written, the lease runs out by
  /// itself.
  @Override
  public void close() {
    beating.lock();
    try {
      if (closed) {
        return;
      }
      boolean ours = counts();
      closed = true;
      heart.interrupt();
      if (ours) {
        records.create(RecordKeys.end(stack, token), body("end"));
      }
    } catch (ChrysalisException e) {
      // Nothing is lost but time: the next holder waits until the beats have stopped long enough.
      trouble = e;
    } finally {
      beating.unlock();
    }
  }

  private void beatOn() {
    try {
      while (!closed && counts()) {
        surroundings.ticker().pause(timeToLive.dividedBy(5));
        try {
          beat();
          trouble = null;
        } catch (ChrysalisException e) {
          // The store may answer again in time; when it does not, this is why the lease was lost.
          trouble = e;
        }
      }
    } catch (InterruptedException e) {
      // Closed: close() interrupts only while no beat is being written.
      Thread.currentThread().interrupt();
    }
  }

  private boolean counts() {
    if (closed || lost) {
      return false;
    }
    Beat now = now();
    Beat counted = last;
    Duration limit = timeToLive.multipliedBy(4).dividedBy(5);
    if (now.nanos() - counted.nanos() > limit.toNanos()
        || Duration.between(counted.at(), now.at()).compareTo(limit) > 0) {
      lost = true;
    }
    return !lost;
  }

  private Beat now() {
    return new Beat(surroundings.ticker().nanos(), surroundings.clock().instant());
  }

  private Token next() {
    return new Token(token.value() + 1);
  }

  private byte[] body(String what) {
    String text =
        "{\"v\":1,\"what\":\"%s\",\"at\":\"%s\",\"nonce\":\"%s\"}\n"
            .formatted(what, surroundings.clock().instant(), surroundings.nonce());
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
