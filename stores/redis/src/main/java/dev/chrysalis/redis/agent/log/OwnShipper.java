package dev.chrysalis.redis.agent.log;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Ships for as long as a base takes, where nobody else does. For one thread.
public final class OwnShipper implements AutoCloseable {
  private final Supplier<AofShipper> made;
  private final Duration others;
  private final BaseProgress progress;
  private @Nullable AofShipper running;
  private @Nullable Thread thread;

  /// @param made a shipper that does not run yet
  /// @param others how long others have to show that they ship
  public OwnShipper(Supplier<AofShipper> made, Duration others, BaseProgress progress) {
    this.made = made;
    this.others = others;
    this.progress = progress;
  }

  void shipAfter(Duration waited) {
    if (running != null || waited.compareTo(others) < 0) {
      return;
    }
    progress.note("nobody ships this server's log: shipping it for the time of the base");
    AofShipper shipper = made.get();
    running = shipper;
    thread = Thread.ofVirtual().name("base-shipper").start(shipper);
  }

  @Override
  public void close() {
    AofShipper shipper = running;
    Thread worker = thread;
    if (shipper == null || worker == null) {
      return;
    }
    shipper.close();
    try {
      worker.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
