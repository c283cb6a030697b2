package dev.chrysalis.bulkloader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.cassandra.db.DecoratedKey;
import org.apache.cassandra.db.RegularAndStaticColumns;
import org.apache.cassandra.db.SerializationHeader;
import org.apache.cassandra.db.partitions.PartitionUpdate;
import org.apache.cassandra.db.rows.EncodingStats;
import org.apache.cassandra.db.rows.UnfilteredRowIterator;
import org.apache.cassandra.db.rows.UnfilteredRowIterators;
import org.apache.cassandra.io.sstable.SSTableTxnWriter;
import org.apache.cassandra.io.sstable.format.Version;
import org.apache.cassandra.schema.TableMetadata;
import org.apache.cassandra.schema.TableMetadataRef;

/// Updates in the order in which they were logged, made into SSTables: one of each table whenever
/// they fill the memory that they may take. Where a table is written more than once, whoever reads
/// its SSTables merges them.
final class LoggedRows {
  private static final long MOST = 96L << 20;

  private final Path into;
  private final Version version;
  private final Map<TableMetadata, NavigableMap<DecoratedKey, List<PartitionUpdate>>> waiting =
      new HashMap<>();
  private long held;
  private int written;

  /// @param into below it each table gets a folder, `KEYSPACE.TABLE`
  LoggedRows(Path into, Version version) {
    this.into = into;
    this.version = version;
  }

  void add(PartitionUpdate update) {
    waiting
        .computeIfAbsent(update.metadata(), table -> new TreeMap<>())
        .computeIfAbsent(update.partitionKey(), key -> new ArrayList<>())
        .add(update);
    held += update.unsharedHeapSize();
    if (held > MOST) {
      flush();
    }
  }

  /// Writes what is left.
  void flush() {
    waiting.forEach(this::write);
    waiting.clear();
    held = 0;
  }

  private void write(
      TableMetadata table, NavigableMap<DecoratedKey, List<PartitionUpdate>> partitions) {
    try (SSTableTxnWriter writer =
        TableFiles.write(
            TableMetadataRef.forOfflineTools(table),
            version,
            folder(table),
            ++written,
            partitions.size(),
            header(table, partitions))) {
      for (List<PartitionUpdate> updates : partitions.values()) {
        try (UnfilteredRowIterator partition = merged(updates)) {
          writer.append(partition);
        }
      }
      writer.finish(false);
    }
  }

  private static UnfilteredRowIterator merged(List<PartitionUpdate> updates) {
    return UnfilteredRowIterators.merge(
        updates.stream().map(PartitionUpdate::unfilteredIterator).toList());
  }

  private static SerializationHeader header(
      TableMetadata table, NavigableMap<DecoratedKey, List<PartitionUpdate>> partitions) {
    RegularAndStaticColumns columns = RegularAndStaticColumns.NONE;
    List<EncodingStats> stats = new ArrayList<>();
    for (List<PartitionUpdate> updates : partitions.values()) {
      for (PartitionUpdate update : updates) {
        columns = columns.mergeTo(update.columns());
        stats.add(update.stats());
      }
    }
    return new SerializationHeader(true, table, columns, EncodingStats.merge(stats, each -> each));
  }

  private Path folder(TableMetadata table) {
    try {
      return Files.createDirectories(into.resolve(table.keyspace + "." + table.name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
