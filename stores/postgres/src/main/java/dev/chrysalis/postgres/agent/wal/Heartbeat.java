package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.Stopper;
import dev.chrysalis.postgres.agent.server.ServerConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Commits now and then on an idle primary. Recovery to a time needs a commit after it, and the
/// newest restorable moment advances only with commits.
final class Heartbeat implements Runnable {
  private final ServerConnection address;
  private final Duration every;
  private final AtomicLong lastCommitNanos;
  private final Stopper stopper;
  private final Consumer<ShipEvent> listener;

  /// @param lastCommitNanos when a commit was last seen, by the JVM's clock
  Heartbeat(
      ServerConnection address,
      Duration every,
      AtomicLong lastCommitNanos,
      Stopper stopper,
      Consumer<ShipEvent> listener) {
    this.address = address;
    this.every = every;
    this.lastCommitNanos = lastCommitNanos;
    this.stopper = stopper;
    this.listener = listener;
  }

  @Override
  public void run() {
    while (!stopper.isStopped()) {
      try (Connection session = address.open();
          Statement statement = session.createStatement()) {
        session.setNetworkTimeout(Runnable::run, 30_000);
        // Not waiting for standbys, and not for ever: a heartbeat must hold nothing up.
        statement.execute("set synchronous_commit = local");
        statement.execute("set statement_timeout = '20s'");
        beat(statement);
      } catch (SQLException e) {
        listener.accept(new ShipEvent.ServerFailing(address.translated(e)));
        stopper.awaitStop(every);
      } catch (ChrysalisException e) {
        listener.accept(new ShipEvent.ServerFailing(e));
        stopper.awaitStop(every);
      }
    }
  }

  private void beat(Statement statement) throws SQLException {
    long wait = 0;
    while (!stopper.awaitStop(Duration.ofNanos(Math.max(wait, 1)))) {
      long idle = System.nanoTime() - lastCommitNanos.get();
      if (idle >= every.toNanos()) {
        statement.execute("select pg_catalog.pg_logical_emit_message(true, 'chrysalis', 'alive')");
        idle = 0;
      }
      wait = every.toNanos() - idle;
    }
  }
}
