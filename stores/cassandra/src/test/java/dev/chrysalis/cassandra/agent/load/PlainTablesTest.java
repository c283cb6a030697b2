package dev.chrysalis.cassandra.agent.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainTablesTest {
  private static final String ID = "92e0e610ea0311f1a87c311c41055dd3";

  private final Backend bucket = new MemoryBackend();
  @TempDir private Path scratch;

  @Test
  void findsTablesHoweverDeepTheyLie() {
    put("cassandra/2026-11-20/schema.cql", "CREATE TABLE shop.orders (id int PRIMARY KEY);");
    sstable("cassandra/2026-11-20/shop/orders", "one");
    sstable("cassandra/2026-11-20/node-1/shop/orders", "two");
    sstable("cassandra/2026-11-20/node-2/data/shop/orders", "three");
    put("cassandra/2026-11-20/node-2/shop/orders/manifest.json", "{}");
    sstable("cassandra/2026-11-21/shop/others", "of another day");

    PlainTables tables = PlainTables.of(bucket, "cassandra/2026-11-20/");

    TableName orders = new TableName("shop", "orders");
    assertThat(tables.tables()).containsOnlyKeys(orders).containsEntry(orders, 14L);
    assertThat(tables.schema().tables()).containsExactly(orders);
    List<Path> folders = tables.fetch(orders, scratch, CopyProgress.silent());
    assertThat(folders)
        .hasSize(3)
        .allSatisfy(folder -> assertThat(folder.resolve("nb-1-big-Data.db")).exists());
  }

  @Test
  void leavesOutWhatTheServerKeptOfTruncatedAndDroppedTables() {
    String table = "cassandra/2026-11-20/shop/orders-" + ID;
    put("cassandra/2026-11-20/schema.cql", "CREATE TABLE shop.orders (id int PRIMARY KEY);");
    sstable(table, "one");
    sstable(table + "/snapshots/truncated-1795773695348-orders", "truncated");
    sstable(table + "/snapshots/dropped-1795773695348-orders", "dropped");
    sstable(table + "/backups", "linked");

    assertThat(PlainTables.of(bucket, "cassandra/2026-11-20/").tables())
        .containsExactly(Map.entry(new TableName("shop", "orders"), 4L));
  }

  @Test
  void refusesSeveralStatesOfOneTable() {
    put("cassandra/2026-11-20/schema.cql", "CREATE TABLE shop.orders (id int PRIMARY KEY);");
    sstable("cassandra/2026-11-20/shop/orders-" + ID, "living");
    sstable("cassandra/2026-11-20/shop/orders-" + ID + "/snapshots/old", "old");

    refuses("several states");
  }

  @Test
  void refusesWhatIsNotWhole() {
    put("cassandra/2026-11-20/schema.cql", "CREATE TABLE shop.orders (id int PRIMARY KEY);");
    put("cassandra/2026-11-20/shop/orders/nb-1-big-Data.db", "one");

    refuses("nb-1-big-Statistics.db");
  }

  @Test
  void refusesDataThatIsNotWhatTheServerWrote() {
    put("cassandra/2026-11-20/schema.cql", "CREATE TABLE shop.orders (id int PRIMARY KEY);");
    sstable("cassandra/2026-11-20/shop/orders", "one");
    put("cassandra/2026-11-20/shop/orders/nb-1-big-Digest.crc32", "12345");
    PlainTables tables = PlainTables.of(bucket, "cassandra/2026-11-20/");

    assertThatThrownBy(
            () -> tables.fetch(new TableName("shop", "orders"), scratch, CopyProgress.silent()))
        .isInstanceOf(ChrysalisException.class)
        .hasMessageContaining("nb-1-big-Data.db");
  }

  private void refuses(String message) {
    assertThatThrownBy(() -> PlainTables.of(bucket, "cassandra/2026-11-20/"))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(CassandraErrors.NO_SUCH_TABLES))
        .hasMessageContaining(message);
  }

  private void sstable(String folder, String content) {
    put(folder + "/nb-1-big-Data.db", content);
    put(folder + "/nb-1-big-Statistics.db", "s");
  }

  @Test
  void wantsASchema() {
    put("cassandra/2026-11-20/shop/orders/nb-1-big-Data.db", "one");

    refuses("schema.cql");
  }

  private void put(String key, String content) {
    Backend.Created _ = bucket.create(key, Body.of(content.getBytes(UTF_8)));
  }
}
