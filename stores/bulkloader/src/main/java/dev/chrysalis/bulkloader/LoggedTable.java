package dev.chrysalis.bulkloader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import org.apache.cassandra.db.DecoratedKey;
import org.apache.cassandra.db.RegularAndStaticColumns;
import org.apache.cassandra.db.SerializationHeader;
import org.apache.cassandra.db.partitions.PartitionUpdate;
import org.apache.cassandra.db.partitions.UnfilteredPartitionIterator;
import org.apache.cassandra.db.rows.EncodingStats;
import org.apache.cassandra.db.rows.UnfilteredRowIterator;
import org.apache.cassandra.db.rows.UnfilteredRowIterators;
import org.apache.cassandra.io.sstable.SSTableTxnWriter;
import org.apache.cassandra.io.sstable.format.Version;
import org.apache.cassandra.schema.TableMetadata;
import org.apache.cassandra.schema.TableMetadataRef;

/// The SSTables of one table that a log was made into, each in a folder of its own. Sixteen of a
/// kind are merged into one of the next, so that of a log of any length only a few dozen are left:
/// each open one takes memory and files.
final class LoggedTable {
  private static final int WIDTH = 16;

  private final TableMetadataRef table;
  private final Version version;
  private final Path folder;
  private final List<List<Path>> levels = new ArrayList<>();
  private int made;

  /// @param folder in which the others are made
  LoggedTable(TableMetadata table, Version version, Path folder) {
    this.table = TableMetadataRef.forOfflineTools(table);
    this.version = version;
    this.folder = folder;
  }

  /// Writes one SSTable.
  ///
  /// @param partitions none of them empty, at least one
  void add(NavigableMap<DecoratedKey, List<PartitionUpdate>> partitions) {
    Path run = next();
    try (SSTableTxnWriter writer = writer(run, partitions.size(), header(partitions))) {
      for (List<PartitionUpdate> updates : partitions.values()) {
        append(writer, merged(updates));
      }
      writer.finish(false);
    }
    keep(0, run);
  }

  private void keep(int level, Path run) {
    if (levels.size() == level) {
      levels.add(new ArrayList<>());
    }
    List<Path> runs = levels.get(level);
    runs.add(run);
    if (runs.size() == WIDTH) {
      Path merged = merge(runs);
      runs.forEach(TableFiles::remove);
      runs.clear();
      keep(level + 1, merged);
    }
  }

  private Path merge(List<Path> runs) {
    Path run = next();
    try (SourceTables sources = SourceTables.open(runs, table);
        UnfilteredPartitionIterator partitions = sources.read().partitions();
        SSTableTxnWriter writer =
            writer(run, sources.partitionsIn(Long.MAX_VALUE), sources.header())) {
      while (partitions.hasNext()) {
        append(writer, partitions.next());
      }
      writer.finish(false);
    }
    return run;
  }

  private static void append(SSTableTxnWriter writer, UnfilteredRowIterator rows) {
    try (UnfilteredRowIterator partition = rows) {
      writer.append(partition);
    }
  }

  private SSTableTxnWriter writer(Path run, long partitions, SerializationHeader header) {
    return TableFiles.write(table, version, run, partitions, header);
  }

  private static UnfilteredRowIterator merged(List<PartitionUpdate> updates) {
    return UnfilteredRowIterators.merge(
        updates.stream().map(PartitionUpdate::unfilteredIterator).toList());
  }

  private SerializationHeader header(NavigableMap<DecoratedKey, List<PartitionUpdate>> partitions) {
    RegularAndStaticColumns columns = RegularAndStaticColumns.NONE;
    List<EncodingStats> stats = new ArrayList<>();
    for (List<PartitionUpdate> updates : partitions.values()) {
      for (PartitionUpdate update : updates) {
        columns = columns.mergeTo(update.columns());
        stats.add(update.stats());
      }
    }
    return new SerializationHeader(
        true, table.get(), columns, EncodingStats.merge(stats, each -> each));
  }

  private Path next() {
    try {
      return Files.createDirectories(folder.resolve(Integer.toString(++made)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
