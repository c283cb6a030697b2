package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.agent.wal.FeedEvent;
import dev.chrysalis.postgres.agent.wal.FeederSettings;
import dev.chrysalis.postgres.agent.wal.WalArchive;
import dev.chrysalis.postgres.agent.wal.WalFeeder;
import dev.chrysalis.postgres.agent.wal.WalSpool;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// A feeder at work in a thread of its own, until it is closed.
final class FeederThread implements AutoCloseable {
  private final AtomicLong served = new AtomicLong();
  private final WalFeeder feeder;
  private final Thread thread;

  FeederThread(WalArchive archive, WalSpool spool, FeedSpool.Plan plan, Report report) {
    feeder =
        new WalFeeder(
            archive,
            spool,
            FeederSettings.of(plan.system(), plan.timeline()),
            event -> tell(event, report));
    thread = Thread.ofVirtual().name("feeder").start(feeder);
  }

  /// How many files it has brought.
  long served() {
    return served.get();
  }

  /// Passes that time beside it; an error if it ends meanwhile.
  void pass(Duration time) throws InterruptedException {
    if (thread.join(time)) {
      throw new ChrysalisException(
          AgentErrors.UNEXPECTED, "the feeder ended by itself", "start the feed again");
    }
  }

  /// Ends it, and waits until it has ended.
  @Override
  public void close() {
    feeder.close();
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(FeedEvent event, Report report) {
    switch (event) {
      case FeedEvent.Served(String file) ->
          report.progress("feeding WAL, last " + file, served.incrementAndGet(), 0);
      case FeedEvent.Absent(String file) -> report.progress("no such WAL: " + file, 0, 0);
      case FeedEvent.Lost(String file, String why) ->
          report.note("WAL " + file + " is lost, the server is told to stop: " + why);
      case FeedEvent.Retrying(String file, ChrysalisException error) ->
          report.note("trying again to get " + file + ": " + error.getMessage());
    }
  }
}
