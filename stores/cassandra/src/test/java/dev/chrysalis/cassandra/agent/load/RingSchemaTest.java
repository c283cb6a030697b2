package dev.chrysalis.cassandra.agent.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RingSchemaTest {
  @Test
  void takesAScriptApartAtTheSemicolonsThatEndStatements() {
    assertThat(
            CqlScript.statements(
                """
                -- a comment; with one
                CREATE TABLE a.b (id int PRIMARY KEY) WITH comment = 'it''s; here';
                /* CREATE TABLE no.no (id int); */
                CREATE FUNCTION a.f (x int) RETURNS NULL ON NULL INPUT RETURNS int LANGUAGE java AS $$ return x; $$;
                CREATE TYPE a."odd;name" (x int)
                """))
        .containsExactly(
            "CREATE TABLE a.b (id int PRIMARY KEY) WITH comment = 'it''s; here'",
            "CREATE FUNCTION a.f (x int) RETURNS NULL ON NULL INPUT RETURNS int LANGUAGE java AS $$"
                + " return x; $$",
            "CREATE TYPE a.\"odd;name\" (x int)");
  }

  @Test
  void makesThingsInAnOrderInWhichAServerTakesThem() {
    RingSchema schema =
        RingSchema.parse(
            """
            USE shop;
            CREATE MATERIALIZED VIEW shop.by_day AS SELECT * FROM shop.orders WHERE day IS NOT NULL PRIMARY KEY (day, id);
            CREATE CUSTOM INDEX IF NOT EXISTS by_owner ON shop."Orders" (owner) USING 'sai';
            CREATE INDEX ON shop.orders (day);
            CREATE TABLE IF NOT EXISTS shop.orders (id int PRIMARY KEY);
            CREATE TABLE shop."Orders" (id int PRIMARY KEY);
            ALTER TABLE shop."Orders" DROP gone USING TIMESTAMP 5;
            CREATE TYPE shop.address (street text);
            CREATE KEYSPACE shop WITH replication = {'class': 'SimpleStrategy'};
            CREATE TRIGGER audit ON shop.orders USING 'a.B';
            GRANT SELECT ON shop.orders TO x;
            """);

    assertThat(schema.statements())
        .extracting(Statement::kind)
        .containsExactly(
            Statement.Kind.KEYSPACE,
            Statement.Kind.TYPE,
            Statement.Kind.TABLE,
            Statement.Kind.TABLE,
            Statement.Kind.TABLE,
            Statement.Kind.INDEX,
            Statement.Kind.INDEX,
            Statement.Kind.VIEW,
            Statement.Kind.TRIGGER);
    assertThat(schema.isView(new TableName("shop", "by_day"))).isTrue();
    assertThat(schema.tables())
        .containsExactly(new TableName("shop", "Orders"), new TableName("shop", "orders"));
    Set<TableName> one = Set.of(new TableName("shop", "Orders"));
    assertThat(schema.before(one).statements())
        .extracting(Statement::name)
        .containsExactly("address", "Orders", "Orders", "Orders");
    assertThat(schema.after(one).statements()).isEmpty();
    assertThat(schema.after(Set.of(new TableName("shop", "orders"))).statements()).hasSize(2);
  }

  @Test
  void movesATableToAnotherKeyspaceWithAnIdOfItsOwn() {
    assertThat(
            in(
                "shop_before",
                "CREATE TABLE IF NOT EXISTS shop.orders (\n    shop int PRIMARY KEY\n) WITH ID ="
                    + " 92e0e610-ea03-11f1-a87c-311c41055dd3\n    AND comment = 'shop.orders'"))
        .isEqualTo(
            "CREATE TABLE IF NOT EXISTS \"shop_before\".orders (\n    shop int PRIMARY KEY\n) WITH"
                + " comment = 'shop.orders'");
    assertThat(in("b", "CREATE INDEX by_day ON shop.\"Orders\" (day)"))
        .isEqualTo("CREATE INDEX by_day ON \"b\".\"Orders\" (day)");
    assertThat(in("b", "ALTER TABLE shop.orders DROP gone"))
        .isEqualTo("ALTER TABLE \"b\".orders DROP gone");
    assertThat(in("b", "CREATE MATERIALIZED VIEW shop.v AS SELECT * FROM shop.t WHERE x = 1"))
        .isEqualTo("CREATE MATERIALIZED VIEW \"b\".v AS SELECT * FROM \"b\".t WHERE x = 1");
  }

  @Test
  void doesNothingWhereThereIsOneOfThatName() {
    assertThat(only("CREATE TYPE shop.address (street text)").orNothing())
        .isEqualTo("CREATE TYPE IF NOT EXISTS shop.address (street text)");
    assertThat(only("CREATE TABLE IF NOT EXISTS shop.t (id int PRIMARY KEY)").orNothing())
        .isEqualTo("CREATE TABLE IF NOT EXISTS shop.t (id int PRIMARY KEY)");
    assertThat(only("CREATE INDEX ON shop.t (x)").orNothing())
        .isEqualTo("CREATE INDEX IF NOT EXISTS ON shop.t (x)");
  }

  @Test
  void givesADatacenterItsNewName() {
    Statement keyspace =
        Statement.ofKeyspace(
            "shop", Map.of("class", "NetworkTopologyStrategy", "dc1", "3", "dc2", "2"), true);

    assertThat(keyspace.withDatacenters(Map.of("dc1", "eu")).in("b").orNothing())
        .isEqualTo(
            "CREATE KEYSPACE IF NOT EXISTS \"b\" WITH replication = {'class':"
                + " 'NetworkTopologyStrategy', 'eu': '3', 'dc2': '2'} AND durable_writes = true");
  }

  @Test
  void readsWhatTheServerWrites() {
    List<Statement> statements =
        RingSchema.parse(
                """
                CREATE TABLE IF NOT EXISTS shop."Orders" (
                    day text,
                    PRIMARY KEY (day, number)
                ) WITH ID = 92e0e610-ea03-11f1-a87c-311c41055dd3
                    AND CLUSTERING ORDER BY (number DESC)
                    AND comment = '';
                ALTER TABLE shop."Orders" DROP gone USING TIMESTAMP 1795773695348000;
                """)
            .statements();

    assertThat(statements).extracting(Statement::name).containsExactly("Orders", "Orders");
    assertThat(statements.getLast().orNothing())
        .isEqualTo(
            "ALTER TABLE shop.\"Orders\" DROP IF EXISTS gone USING TIMESTAMP 1795773695348000");
  }

  private static String in(String keyspace, String cql) {
    return only(cql).in(keyspace).text();
  }

  private static Statement only(String cql) {
    return Statement.parse(cql).orElseThrow();
  }

  @Test
  void tellsTheTableOfAView() {
    assertThat(
            only("CREATE MATERIALIZED VIEW shop.v AS SELECT id, valid_from\n FROM shop.\"Orders\""
                    + " WHERE id IS NOT NULL PRIMARY KEY (id)")
                .base())
        .isEqualTo(new TableName("shop", "Orders"));
  }

  @Test
  void findsWhatTwoNodesSawDifferently() {
    RingSchema alike =
        RingSchema.parse(
            "CREATE TYPE a.t (x int); CREATE TYPE IF NOT EXISTS a.t (x int); CREATE INDEX ON a.b (x);"
                + " CREATE INDEX ON a.b (y)");
    assertThat(alike.disputed()).isEmpty();
    assertThat(alike.and(RingSchema.parse("CREATE TYPE a.t (x int, y int)")).disputed())
        .containsExactly("TYPE a.t");
  }

  @Test
  void exchangesTheNamesOfTwoDatacenters() {
    assertThat(
            only("CREATE KEYSPACE a WITH replication = {'class': 'NetworkTopologyStrategy', 'x': '1', 'y': '2'}")
                .withDatacenters(Map.of("x", "y", "y", "x"))
                .text())
        .contains("'y': '1', 'x': '2'");
  }
}
