package dev.butterfly.shelf;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import dev.butterfly.shelf.CassandraSession.Unreachable;
import java.nio.file.Path;
import java.time.Duration;

/// Makes what capsule and plato need in a fresh ring: keyspaces with three replicas of everything,
/// tables, the role `butterfly` that may read and write them, and a superuser `chrysalis` in the
/// place of the one that everybody knows. Run once by a lab, and again without harm.
///
/// Variables: those of `ContactPoints`, whose password is that of `butterfly`, and
/// `CASSANDRA_ADMINISTRATOR_PASSWORD_FILE`. Ends with 1 and one line where it cannot be done.
public final class MakeKeyspaces {
  static final String ADMINISTRATOR = "chrysalis";
  private static final String KNOWN_TO_ALL = "cassandra";
  private static final Duration PATIENT = Duration.ofSeconds(20);

  private final ContactPoints points;
  private final Path administrator;

  private MakeKeyspaces(ContactPoints points, Path administrator) {
    this.points = points;
    this.administrator = administrator;
  }

  /// Makes them.
  public static void main(String[] ignored) {
    LabTask.run(
        MakeKeyspaces.class,
        variables -> {
          new MakeKeyspaces(LabTask.points(variables), LabTask.administrator(variables)).make();
          return "made";
        });
  }

  /// A session as one of both superusers: the first run takes the one's login away at its end.
  private void make() {
    try (CassandraSession cassandra =
        new CassandraSession(points.as(ADMINISTRATOR, administrator), PATIENT)) {
      make(cassandra);
    } catch (Unreachable notYet) {
      makeAdministrator(notYet);
      try (CassandraSession cassandra =
          new CassandraSession(points.as(ADMINISTRATOR, administrator), PATIENT)) {
        make(cassandra);
      }
    }
  }

  private void makeAdministrator(Unreachable notYet) {
    try (CqlSession session =
        CassandraSession.builder(points, PATIENT)
            .withAuthCredentials(KNOWN_TO_ALL, KNOWN_TO_ALL)
            .build()) {
      execute(
          session,
          "CREATE ROLE IF NOT EXISTS %s WITH SUPERUSER = true AND LOGIN = true AND PASSWORD = %s"
              .formatted(ADMINISTRATOR, quoted(ContactPoints.firstLine(administrator))));
    } catch (RuntimeException e) {
      e.addSuppressed(notYet);
      throw e;
    }
  }

  private void make(CassandraSession cassandra) {
    boolean _ =
        cassandra.ask(session -> {
          for (String table : Shelves.TABLES) {
            makeTable(session, table);
          }
          execute(
              session,
              "CREATE ROLE IF NOT EXISTS %s WITH LOGIN = true AND PASSWORD = %s"
                  .formatted(points.user(), quoted(points.password())));
          for (String table : Shelves.TABLES) {
            grant(session, keyspace(table));
          }
          execute(
              session, "ALTER ROLE " + KNOWN_TO_ALL + " WITH SUPERUSER = false AND LOGIN = false");
          return session.checkSchemaAgreement();
        });
  }

  private void makeTable(CqlSession session, String table) {
    execute(
        session,
        "CREATE KEYSPACE IF NOT EXISTS %s WITH replication = {'class': 'NetworkTopologyStrategy', %s: 3}"
            .formatted(keyspace(table), quoted(points.datacenter())));
    execute(
        session, "CREATE TABLE IF NOT EXISTS " + table + " (id bigint PRIMARY KEY, value text)");
  }

  private void grant(CqlSession session, String keyspace) {
    for (String right : new String[] {"SELECT", "MODIFY"}) {
      execute(session, "GRANT %s ON KEYSPACE %s TO %s".formatted(right, keyspace, points.user()));
    }
  }

  private static String keyspace(String table) {
    return table.substring(0, table.indexOf('.'));
  }

  private static void execute(CqlSession session, String cql) {
    var _ = session.execute(SimpleStatement.newInstance(cql));
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
