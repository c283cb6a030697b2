package dev.chrysalis.bulkloader;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.cassandra.db.DecoratedKey;
import org.apache.cassandra.db.partitions.PartitionUpdate;
import org.apache.cassandra.io.sstable.format.Version;
import org.apache.cassandra.schema.TableId;
import org.apache.cassandra.schema.TableMetadata;

/// Updates in the order in which they were logged, made into SSTables: one of each table whenever
/// they fill the memory that they may take. Whoever reads the SSTables of a table merges them.
final class LoggedRows {
  /// What the smallest update takes besides what Cassandra counts: itself, its key and token, its
  /// columns and statistics, and its places in the maps here.
  private static final long BESIDES = 600;

  private final Path into;
  private final Version version;
  private final long most;
  private final Map<TableId, LoggedTable> tables = new HashMap<>();
  private final Map<TableMetadata, NavigableMap<DecoratedKey, List<PartitionUpdate>>> waiting =
      new HashMap<>();
  private long held;

  /// @param into below it each table gets a folder, `KEYSPACE.TABLE`
  /// @param most how many bytes may be held in memory
  LoggedRows(Path into, Version version, long most) {
    this.into = into;
    this.version = version;
    this.most = most;
  }

  /// @param update not an empty one: of such ones no SSTable can be made
  void add(PartitionUpdate update) {
    waiting
        .computeIfAbsent(update.metadata(), table -> new TreeMap<>())
        .computeIfAbsent(update.partitionKey(), key -> new ArrayList<>())
        .add(update);
    held += update.unsharedHeapSize() + BESIDES;
    if (held > most) {
      flush();
    }
  }

  /// Writes what is left.
  void flush() {
    waiting.forEach((table, partitions) -> logged(table).add(partitions));
    waiting.clear();
    held = 0;
  }

  private LoggedTable logged(TableMetadata table) {
    return tables.computeIfAbsent(
        table.id,
        id -> new LoggedTable(table, version, into.resolve(table.keyspace + "." + table.name)));
  }
}
