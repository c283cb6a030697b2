package dev.chrysalis.lab.ledger;

import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// A steady load of writes, each into the ledger before it is sent and again when it is
/// acknowledged.
///
/// 1. At a fixed rate a write with the next id and a random value is taken on, whether earlier ones
///    were answered or not, up to a bound of writes on their way: beyond it a beat is skipped.
/// 2. It is sent to the replicas in turn, and once to each other replica when the first fails.
/// 3. What nobody acknowledged by then stays unacknowledged; the client of the lab gives up, as
///    clients do, and the next write tries anew.
///
/// Ids only grow, also over several loads on one ledger. Safe for many threads.
public final class LoadGenerator implements AutoCloseable {
  private static final int MOST_UNDER_WAY = 512;
  private static final long END_SECONDS = 10;

  private final Ledger ledger;
  private final Supplier<List<? extends ItemWriter>> replicas;
  private final Clock clock;
  private final RandomGenerator random;
  private final AtomicLong lastId;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Semaphore underWay = new Semaphore(MOST_UNDER_WAY);
  private final ScheduledExecutorService beat =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("load").factory());
  private final ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor();

  /// @param replicas where to write now; asked anew for every write
  public LoadGenerator(
      Ledger ledger,
      Supplier<List<? extends ItemWriter>> replicas,
      Clock clock,
      RandomGenerator random) {
    this.ledger = ledger;
    this.replicas = replicas;
    this.clock = clock;
    this.random = random;
    this.lastId = new AtomicLong(ledger.lastId());
  }

  /// Starts the load. Call it once.
  public void start(int writesPerSecond) {
    long nanos = TimeUnit.SECONDS.toNanos(1) / writesPerSecond;
    var _ = beat.scheduleAtFixedRate(this::next, 0, nanos, TimeUnit.NANOSECONDS);
  }

  /// When the first write that was attempted after that moment was acknowledged.
  public Optional<Instant> firstAcknowledgedAfter(Instant moment) {
    return ledger.firstAcknowledgedAfter(moment);
  }

  /// How many writes were acknowledged so far.
  public long acknowledged() {
    return ledger.acknowledgedCount();
  }

  /// Ends the load and waits for the writes on their way. Safe to repeat.
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    beat.shutdownNow();
    writers.shutdown();
    try {
      if (!writers.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
        writers.shutdownNow();
      }
    } catch (InterruptedException e) {
      writers.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private void next() {
    if (closed.get() || !underWay.tryAcquire()) {
      return;
    }
    writers.execute(this::writeOne);
  }

  private void writeOne() {
    try {
      byte[] bytes = new byte[12];
      random.nextBytes(bytes);
      String value = HexFormat.of().formatHex(bytes);
      long id = lastId.incrementAndGet();
      ledger.attempted(id, value, clock.instant());
      if (send(id, value)) {
        ledger.acknowledged(id, clock.instant());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      underWay.release();
    }
  }

  private boolean send(long id, String value) throws InterruptedException {
    List<? extends ItemWriter> all = replicas.get();
    for (int turn = 0; turn < all.size(); turn++) {
      if (all.get((int) ((id + turn) % all.size())).write(id, value)) {
        return true;
      }
    }
    return false;
  }
}
