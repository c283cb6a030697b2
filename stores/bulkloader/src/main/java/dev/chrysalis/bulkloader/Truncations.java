package dev.chrysalis.bulkloader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.cassandra.db.SystemKeyspace;
import org.apache.cassandra.db.commitlog.CommitLogPosition;
import org.apache.cassandra.db.marshal.UUIDType;
import org.apache.cassandra.db.partitions.UnfilteredPartitionIterator;
import org.apache.cassandra.db.rows.Cell;
import org.apache.cassandra.db.rows.ComplexColumnData;
import org.apache.cassandra.db.rows.Row;
import org.apache.cassandra.db.rows.Unfiltered;
import org.apache.cassandra.db.rows.UnfilteredRowIterator;
import org.apache.cassandra.io.util.DataInputBuffer;
import org.apache.cassandra.schema.ColumnMetadata;
import org.apache.cassandra.schema.TableId;
import org.apache.cassandra.schema.TableMetadata;
import org.apache.cassandra.schema.TableMetadataRef;
import org.apache.cassandra.utils.ByteBufferUtil;

/// Where in a node's commit log its tables were truncated: what stands before that is gone for
/// good. The node keeps it in `system.local` (`SystemKeyspace.saveTruncationRecord`).
final class Truncations {
  private final Map<TableId, CommitLogPosition> positions = new HashMap<>();

  private Truncations() {}

  /// @param folders with SSTables of one node's `system.local`
  static Truncations read(List<Path> folders) {
    Truncations truncations = new Truncations();
    TableMetadata local = SystemKeyspace.metadata().getTableOrViewNullable(SystemKeyspace.LOCAL);
    if (local == null) {
      throw new IllegalStateException("Cassandra without system.local");
    }
    try (SourceTables sources =
        SourceTables.open(folders, TableMetadataRef.forOfflineTools(local))) {
      if (!sources.isEmpty()) {
        try (UnfilteredPartitionIterator partitions = sources.read().partitions()) {
          while (partitions.hasNext()) {
            truncations.add(local, partitions.next());
          }
        }
      }
    }
    return truncations;
  }

  private void add(TableMetadata local, UnfilteredRowIterator partition) {
    ColumnMetadata column = local.getColumn(ByteBufferUtil.bytes("truncated_at"));
    try (partition) {
      while (partition.hasNext()) {
        Unfiltered next = partition.next();
        if (next instanceof Row row) {
          ComplexColumnData all = row.getComplexColumnData(column);
          if (all != null) {
            all.forEach(this::add);
          }
        }
      }
    }
  }

  private void add(Cell<?> cell) {
    if (cell.isTombstone()) {
      return;
    }
    TableId table = TableId.fromUUID(UUIDType.instance.compose(cell.path().get(0)));
    ByteBuffer value = cell.buffer();
    try (DataInputBuffer in = new DataInputBuffer(value, true)) {
      positions.put(table, CommitLogPosition.serializer.deserialize(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether a table was truncated after that place.
  boolean removed(TableId table, CommitLogPosition at) {
    CommitLogPosition truncated = positions.get(table);
    return truncated != null && at.compareTo(truncated) <= 0;
  }
}
