package dev.chrysalis.cassandra.agent.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import java.util.Map;
import java.util.Objects;

/// A keyspace with one of each kind of thing that has to survive being loaded.
final class LoadedSchema {
  /// All that `writeOthers` leaves: one that only the static row is left of, seven, one that will
  /// expire, one counter.
  static final long ROWS = 1 + 7 + 1 + 1;

  private LoadedSchema() {}

  static void make(CqlSession session) {
    session.execute(
        "CREATE KEYSPACE shop WITH replication = {'class': 'NetworkTopologyStrategy', 'dc1': 2}");
    session.execute("CREATE TABLE shop.capsules (id bigint PRIMARY KEY, value text)");
    session.execute("CREATE INDEX by_value ON shop.capsules (value)");
    session.execute("CREATE TYPE shop.address (street text, zip int)");
    session.execute(
        "CREATE TABLE shop.\"Orders\" (day text, number int, owner text static, items list<text>, tags"
            + " map<text, int>, \"to\" frozen<address>, gone text, PRIMARY KEY (day, number)) WITH"
            + " CLUSTERING ORDER BY (number DESC)");
    session.execute("ALTER TABLE shop.\"Orders\" DROP gone");
    session.execute("CREATE TABLE shop.later (id int PRIMARY KEY, gone text)");
    session.execute("CREATE TABLE shop.visits (page text PRIMARY KEY, times counter)");
    session.execute("CREATE TABLE shop.nothing (id int PRIMARY KEY)");
    session.execute("CREATE ROLE capsule WITH PASSWORD = 'cocoon' AND LOGIN = true");
    session.execute("GRANT SELECT ON shop.capsules TO capsule");
  }

  /// Rows of all other tables.
  static void writeOthers(CqlSession session) {
    session.execute("INSERT INTO shop.\"Orders\" (day, owner) VALUES ('monday', 'ada')");
    for (int i = 0; i < 10; i++) {
      session.execute(
          "INSERT INTO shop.\"Orders\" (day, number, owner, items, tags, \"to\") VALUES ('tuesday', %d,"
                  .formatted(i)
              + " 'bea', ['a', 'b'], {'x': 1}, {street: 'Elm', zip: 7})");
    }
    session.execute(
        "DELETE FROM shop.\"Orders\" WHERE day = 'tuesday' AND number >= 3 AND number < 6");
    session.execute(
        "UPDATE shop.\"Orders\" SET items = items + ['c'] WHERE day = 'tuesday' AND number = 1");
    session.execute("INSERT INTO shop.later (id, gone) VALUES (1, 'tomorrow') USING TTL 86400");
    for (int i = 0; i < 7; i++) {
      session.execute("UPDATE shop.visits SET times = times + 3 WHERE page = 'home'");
    }
  }

  /// What `writeOthers` wrote is there, and nothing else.
  static void assertOthers(CqlSession session, String keyspace) {
    assertThat(
            session
                .execute("SELECT owner FROM %s.\"Orders\" WHERE day = 'monday'".formatted(keyspace))
                .all())
        .extracting(row -> row.getString("owner"))
        .containsExactly("ada");
    assertThat(
            session
                .execute(
                    "SELECT number FROM %s.\"Orders\" WHERE day = 'tuesday'".formatted(keyspace))
                .all())
        .extracting(row -> row.getInt("number"))
        .containsExactly(9, 8, 7, 6, 2, 1, 0);
    Row one =
        one(
            session,
            "SELECT * FROM %s.\"Orders\" WHERE day = 'tuesday' AND number = 1".formatted(keyspace));
    assertThat(one.getList("items", String.class)).containsExactly("a", "b", "c");
    assertThat(one.getMap("tags", String.class, Integer.class)).isEqualTo(Map.of("x", 1));
    assertThat(Objects.requireNonNull(one.getUdtValue("to")).getInt("zip")).isEqualTo(7);
    assertThat(session.execute("SELECT * FROM %s.nothing".formatted(keyspace)).all()).isEmpty();
    assertThat(
            one(session, "SELECT TTL(gone) AS left FROM %s.later".formatted(keyspace))
                .isNull("left"))
        .isFalse();
    assertThat(
            one(session, "SELECT times FROM %s.visits WHERE page = 'home'".formatted(keyspace))
                .getLong("times"))
        .isEqualTo(21);
  }

  private static Row one(CqlSession session, String cql) {
    return Objects.requireNonNull(session.execute(cql).one(), cql);
  }
}
