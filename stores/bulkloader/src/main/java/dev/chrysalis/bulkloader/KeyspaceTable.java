package dev.chrysalis.bulkloader;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.cassandra.cql3.statements.schema.CreateTableStatement;
import org.apache.cassandra.db.marshal.BooleanType;
import org.apache.cassandra.db.marshal.MapType;
import org.apache.cassandra.db.marshal.UTF8Type;
import org.apache.cassandra.db.partitions.UnfilteredPartitionIterator;
import org.apache.cassandra.db.rows.Cell;
import org.apache.cassandra.db.rows.Row;
import org.apache.cassandra.db.rows.Unfiltered;
import org.apache.cassandra.db.rows.UnfilteredRowIterator;
import org.apache.cassandra.dht.IPartitioner;
import org.apache.cassandra.schema.TableMetadata;
import org.apache.cassandra.schema.TableMetadataRef;
import org.apache.cassandra.utils.ByteBufferUtil;
import org.apache.cassandra.utils.FBUtilities;
import org.jspecify.annotations.Nullable;

/// Reads the server's own table of keyspaces, which a snapshot has and its `schema.cql` files have
/// not.
final class KeyspaceTable {
  private static final MapType<String, String> REPLICATION =
      MapType.getInstance(UTF8Type.instance, UTF8Type.instance, false);

  private KeyspaceTable() {}

  /// All keyspaces that were not dropped: `name`, `durable`, `replication`.
  ///
  /// @param partitioner of the ring: its system tables have the same one
  static List<Map<String, ?>> read(List<Path> folders, IPartitioner partitioner) {
    TableMetadata table =
        CreateTableStatement.parse(
                "CREATE TABLE keyspaces (keyspace_name text PRIMARY KEY, durable_writes boolean,"
                    + " replication frozen<map<text, text>>)",
                "system_schema")
            .partitioner(partitioner)
            .build();
    List<Map<String, ?>> keyspaces = new ArrayList<>();
    try (SourceTables sources =
        SourceTables.open(folders, TableMetadataRef.forOfflineTools(table))) {
      if (sources.isEmpty()) {
        return List.of();
      }
      try (UnfilteredPartitionIterator partitions = sources.read().partitions()) {
        while (partitions.hasNext()) {
          try (UnfilteredRowIterator partition = partitions.next()) {
            add(keyspaces, table, partition);
          }
        }
      }
    }
    return keyspaces;
  }

  private static void add(
      List<Map<String, ?>> keyspaces, TableMetadata table, UnfilteredRowIterator partition) {
    String name = UTF8Type.instance.compose(partition.partitionKey().getKey());
    while (partition.hasNext()) {
      Unfiltered next = partition.next();
      if (next instanceof Row row
          && !partition.partitionLevelDeletion().deletes(row.primaryKeyLivenessInfo())
          && row.hasLiveData(FBUtilities.nowInSeconds(), false)) {
        ByteBuffer replication = value(row, table, "replication");
        ByteBuffer durable = value(row, table, "durable_writes");
        if (replication != null && durable != null) {
          keyspaces.add(
              Map.of(
                  "name", name,
                  "durable", BooleanType.instance.compose(durable),
                  "replication", REPLICATION.compose(replication)));
        }
      }
    }
  }

  private static @Nullable ByteBuffer value(Row row, TableMetadata table, String column) {
    Cell<?> cell = row.getCell(table.getColumn(ByteBufferUtil.bytes(column)));
    return cell == null || cell.isTombstone() ? null : cell.buffer();
  }
}
