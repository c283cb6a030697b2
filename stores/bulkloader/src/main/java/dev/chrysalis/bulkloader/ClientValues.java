package dev.chrysalis.bulkloader;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.cassandra.db.Clustering;
import org.apache.cassandra.db.DecoratedKey;
import org.apache.cassandra.db.context.CounterContext;
import org.apache.cassandra.db.marshal.CollectionType;
import org.apache.cassandra.db.marshal.CompositeType;
import org.apache.cassandra.db.marshal.UserType;
import org.apache.cassandra.db.rows.Cell;
import org.apache.cassandra.db.rows.ComplexColumnData;
import org.apache.cassandra.db.rows.Row;
import org.apache.cassandra.schema.ColumnMetadata;
import org.apache.cassandra.schema.TableMetadata;
import org.apache.cassandra.transport.ProtocolVersion;
import org.apache.cassandra.utils.ByteBufferUtil;
import org.jspecify.annotations.Nullable;

/// What a client gets for a row: the value of each column, in the order of the columns' names.
final class ClientValues {
  private final TableMetadata table;
  private final List<ColumnMetadata> columns;
  private final long now;

  /// @param now in seconds since 1970
  ClientValues(TableMetadata table, long now) {
    this.table = table;
    this.now = now;
    columns = new ArrayList<>(table.columns());
    columns.sort(Comparator.comparing(column -> column.name.toString()));
  }

  /// @param statics the partition's static row, without what is deleted; null where there is none
  /// @param row without what is deleted; null for a partition of which only the static row is left
  List<@Nullable ByteBuffer> of(DecoratedKey key, @Nullable Row statics, @Nullable Row row) {
    ByteBuffer[] keys =
        table.partitionKeyType instanceof CompositeType composite
            ? composite.split(key.getKey())
            : new ByteBuffer[] {key.getKey()};
    List<@Nullable ByteBuffer> values = new ArrayList<>(columns.size());
    for (ColumnMetadata column : columns) {
      values.add(
          switch (column.kind) {
            case PARTITION_KEY -> keys[column.position()];
            case CLUSTERING -> row == null ? null : clustering(row.clustering(), column.position());
            case STATIC -> value(statics, column);
            case REGULAR -> value(row, column);
          });
    }
    return values;
  }

  private static @Nullable ByteBuffer clustering(Clustering<?> clustering, int position) {
    return position < clustering.size() ? clustering.bufferAt(position) : null;
  }

  private @Nullable ByteBuffer value(@Nullable Row row, ColumnMetadata column) {
    if (row == null) {
      return null;
    }
    if (column.isComplex()) {
      return complex(row.getComplexColumnData(column), column);
    }
    Cell<?> cell = row.getCell(column);
    if (cell == null || !cell.isLive(now)) {
      return null;
    }
    return column.isCounterColumn()
        ? ByteBufferUtil.bytes(CounterContext.instance().total(cell))
        : cell.buffer();
  }

  private @Nullable ByteBuffer complex(@Nullable ComplexColumnData data, ColumnMetadata column) {
    List<Cell<?>> cells = new ArrayList<>();
    if (data != null) {
      for (Cell<?> cell : data) {
        if (cell.isLive(now) && !data.complexDeletion().deletes(cell)) {
          cells.add(cell);
        }
      }
    }
    if (cells.isEmpty()) {
      return null;
    }
    return column.type instanceof UserType type
        ? type.serializeForNativeProtocol(cells.iterator(), ProtocolVersion.CURRENT)
        : ((CollectionType<?>) column.type).serializeForNativeProtocol(cells.iterator());
  }
}
