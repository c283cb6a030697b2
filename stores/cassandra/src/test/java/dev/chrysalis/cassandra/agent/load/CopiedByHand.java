package dev.chrysalis.cassandra.agent.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.cassandra.server.TestNode;
import dev.chrysalis.cassandra.server.TestRing;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Body;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What somebody without a tool would have copied of a ring that is down.
final class CopiedByHand {
  private static final String SCHEMA =
      """
      -- by cqlsh -e 'DESCRIBE SCHEMA'
      CREATE KEYSPACE shop WITH replication = {'class': 'NetworkTopologyStrategy', 'dc1': '2'}  AND durable_writes = true;

      CREATE TYPE shop.address (
          street text,
          zip int
      );
      CREATE TABLE shop."Orders" (
          day text,
          number int,
          items list<text>,
          tags map<text, int>,
          "to" frozen<address>,
          owner text static,
          gone text,
          PRIMARY KEY (day, number)
      ) WITH CLUSTERING ORDER BY (number DESC) AND comment = 'semi; colon';
      ALTER TABLE shop."Orders" DROP gone USING TIMESTAMP 1;
      CREATE TABLE shop.capsules (id bigint PRIMARY KEY, value text);
      CREATE INDEX by_value ON shop.capsules (value);
      CREATE TABLE shop.later (id int PRIMARY KEY, gone text);
      CREATE TABLE shop.nothing (id int PRIMARY KEY);
      CREATE TABLE shop.visits (page text PRIMARY KEY, times counter);
      """;

  private CopiedByHand() {}

  static void copy(TestRing ring, Backend bucket, String prefix) {
    create(bucket, prefix + "/schema.cql", SCHEMA.getBytes(UTF_8));
    for (int i = 0; i < ring.nodes().size(); i++) {
      copy(ring.nodes().get(i), bucket, "%s/node-%d".formatted(prefix, i));
    }
  }

  private static void copy(TestNode node, Backend bucket, String prefix) {
    Path keyspace = node.folders().data().getFirst().resolve("shop");
    try (Stream<Path> all = Files.walk(keyspace)) {
      List<Path> files = all.filter(Files::isRegularFile).toList();
      for (Path file : files) {
        Path relative = keyspace.relativize(file);
        // Not the indexes' own tables, and not what a snapshot of the server holds once more.
        if (relative.getNameCount() == 2) {
          create(bucket, "%s/shop/%s".formatted(prefix, relative), Files.readAllBytes(file));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void create(Backend bucket, String key, byte[] bytes) {
    Backend.Created _ = bucket.create(key, Body.of(bytes));
  }
}
