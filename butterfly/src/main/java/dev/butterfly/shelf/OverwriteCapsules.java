package dev.butterfly.shelf;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/// Ruins every capsule, as a client with a fault would: its value is overwritten. Prints the moment
/// until which values were right, by this machine's clock, which is that of the lab's nodes too.
/// Variables as for `MakeKeyspaces`. Ends with 1 where there is no capsule.
public final class OverwriteCapsules {
  private static final String WRONG = "overwritten";
  private static final int AT_ONCE = 64;
  private static final Duration PATIENT = Duration.ofSeconds(20);

  private OverwriteCapsules() {}

  /// Ruins them.
  public static void main(String[] ignored) {
    LabTask.run(
        OverwriteCapsules.class,
        variables -> {
          ContactPoints points =
              LabTask.points(variables)
                  .as(MakeKeyspaces.ADMINISTRATOR, LabTask.administrator(variables));
          try (CassandraSession cassandra = new CassandraSession(points, PATIENT)) {
            return cassandra.ask(session -> ruin(session, InstantSource.system()));
          }
        });
  }

  private static String ruin(CqlSession session, InstantSource clock) {
    List<Long> ids = new ArrayList<>();
    for (Row row : session.execute(CassandraSession.statement("SELECT id FROM capsule.capsules"))) {
      ids.add(row.getLong("id"));
    }
    if (ids.isEmpty()) {
      throw new IllegalStateException("there is no capsule");
    }
    Instant right = clock.instant();
    List<CompletionStage<AsyncResultSet>> underWay = new ArrayList<>();
    for (long id : ids) {
      underWay.add(
          session.executeAsync(
              CassandraSession.statement(
                  "UPDATE capsule.capsules SET value = ? WHERE id = ?", WRONG, id)));
      if (underWay.size() == AT_ONCE) {
        await(underWay);
      }
    }
    await(underWay);
    return right.toString();
  }

  private static void await(List<CompletionStage<AsyncResultSet>> underWay) {
    try {
      underWay.forEach(stage -> stage.toCompletableFuture().join());
    } catch (CompletionException e) {
      throw new IllegalStateException("a capsule could not be overwritten: " + e.getMessage(), e);
    }
    underWay.clear();
  }
}
