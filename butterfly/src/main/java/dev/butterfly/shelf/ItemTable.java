package dev.butterfly.shelf;

import static dev.butterfly.shelf.CassandraSession.statement;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Items in a table of Cassandra, each under its number. Safe for many threads and many services at
/// once, but for two writers of different values under one number at the same moment: neither sees
/// the other, and one of the values stays.
///
/// @param name of the table with its keyspace: `capsule.capsules`
record ItemTable(CassandraSession cassandra, String name) {
  private static final Duration FOR_A_SCAN = Duration.ofSeconds(12);

  /// An item.
  record Item(long id, String value) {}

  /// Writes an item, or the same one again. False where another value stands under its number.
  boolean write(long id, String value) {
    return cassandra.ask(session -> {
      Optional<Item> there = read(session, id);
      if (there.isPresent() && !there.get().value().equals(value)) {
        return false;
      }
      // Written again where it is there: only what this call wrote is known to have a quorum.
      var _ =
          session.execute(
              statement("INSERT INTO " + name + " (id, value) VALUES (?, ?)", id, value));
      return true;
    });
  }

  /// The item of that number.
  Optional<Item> read(long id) {
    return cassandra.ask(session -> read(session, id));
  }

  private Optional<Item> read(CqlSession session, long id) {
    return Optional.ofNullable(
            session.execute(statement("SELECT id, value FROM " + name + " WHERE id = ?", id)).one())
        .map(ItemTable::item);
  }

  /// Items in the order of their numbers, from the first number above `after`. The whole table is
  /// looked through for each page: it has no such order. That takes longer than to read one item.
  List<Item> page(long after, int limit) {
    return cassandra.ask(session -> {
      NavigableMap<Long, Item> page = new TreeMap<>();
      for (Row row :
          session.execute(statement("SELECT id, value FROM " + name).setTimeout(FOR_A_SCAN))) {
        Item item = item(row);
        if (item.id() > after) {
          page.put(item.id(), item);
          if (page.size() > limit) {
            Map.Entry<Long, Item> _ = page.pollLastEntry();
          }
        }
      }
      return new ArrayList<>(page.values());
    });
  }

  private static Item item(Row row) {
    String value = row.getString("value");
    return new Item(row.getLong("id"), value == null ? "" : value);
  }
}
