package dev.chrysalis.cassandra.agent.log;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Writes one row after another, numbered from 0, as fast as the node answers, and knows when each
/// was acknowledged.
final class SteadyWrites implements AutoCloseable {
  private final List<Instant> acknowledged = Collections.synchronizedList(new ArrayList<>());
  private final Thread thread;
  private volatile boolean closed;

  private SteadyWrites(CqlSession session, PreparedStatement insert) {
    thread =
        Thread.ofVirtual()
            .start(() -> {
              for (long id = 0; !closed; id++) {
                session.execute(insert.bind(id));
                acknowledged.add(Instant.now());
              }
            });
  }

  /// @param table with a key `id`
  static SteadyWrites into(String table, CqlSession session) {
    return new SteadyWrites(session, session.prepare("INSERT INTO " + table + " (id) VALUES (?)"));
  }

  /// How many were acknowledged before a moment: these are the first ones.
  int before(Instant moment) {
    List<Instant> all = List.copyOf(acknowledged);
    int place = Collections.binarySearch(all, moment);
    return place < 0 ? -place - 1 : place;
  }

  /// Ends it after the write that is under way.
  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
