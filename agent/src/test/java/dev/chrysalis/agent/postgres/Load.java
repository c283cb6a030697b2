package dev.chrysalis.agent.postgres;

import dev.chrysalis.postgres.TestPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;

/// Writes one row after another until it is told to stop.
final class Load implements AutoCloseable {
  private final TestPostgres server;
  private final AtomicLong acknowledged = new AtomicLong();
  private final Thread thread;
  private volatile boolean stopped;

  Load(TestPostgres server) {
    this.server = server;
    server.execute("create table ledger(n bigint primary key, filler text)");
    thread = Thread.ofVirtual().start(this::write);
  }

  private void write() {
    try (Connection connection = server.connect();
        PreparedStatement insert =
            connection.prepareStatement("insert into ledger values (?, repeat('x', 500))")) {
      while (!stopped) {
        insert.setLong(1, acknowledged.get() + 1);
        insert.executeUpdate();
        acknowledged.incrementAndGet();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// How many rows the server has acknowledged: 1 up to this.
  long acknowledged() {
    return acknowledged.get();
  }

  @Override
  public void close() {
    stop();
  }

  /// Ends it; all that was begun is acknowledged when this returns.
  void stop() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
