package dev.chrysalis.bulkloader;

import java.util.Map;
import org.apache.cassandra.db.DecoratedKey;
import org.apache.cassandra.db.DeletionTime;
import org.apache.cassandra.db.filter.ColumnFilter;
import org.apache.cassandra.db.rows.Cell;
import org.apache.cassandra.db.rows.RangeTombstoneMarker;
import org.apache.cassandra.db.rows.Row;
import org.apache.cassandra.db.rows.UnfilteredRowIterator;
import org.apache.cassandra.db.transform.Transformation;
import org.apache.cassandra.schema.TableMetadata;
import org.jspecify.annotations.Nullable;

/// Counts the rows that a client would see, and makes their digest, while partitions pass.
final class LiveRows extends Transformation<UnfilteredRowIterator> {
  private final TableMetadata table;
  private final ColumnFilter all;
  private final long now;
  private long partitions;
  private long rows;
  private long expiring;

  private final ClientValues values;
  private final RowDigest digest = new RowDigest();

  private DeletionTime partition = DeletionTime.LIVE;
  private DeletionTime range = DeletionTime.LIVE;
  private boolean shown;

  /// @param now in seconds since 1970: what has expired then is not counted
  LiveRows(TableMetadata table, long now) {
    this.table = table;
    this.all = ColumnFilter.all(table);
    this.now = now;
    this.values = new ClientValues(table, now);
  }

  /// What was found, for an answer.
  Map<String, Object> found() {
    return Map.of(
        "partitions", partitions, "rows", rows, "expiring", expiring, "digest", digest.toString());
  }

  @Override
  protected UnfilteredRowIterator applyToPartition(UnfilteredRowIterator rows) {
    partitions++;
    partition = rows.partitionLevelDeletion();
    range = DeletionTime.LIVE;
    shown = false;
    DecoratedKey key = rows.partitionKey();
    Row statics = left(rows.staticRow());
    return Transformation.apply(
        rows,
        new Transformation<>() {
          @Override
          protected Row applyToRow(Row row) {
            Row left = left(row);
            if (isLive(left)) {
              shown = true;
              count(key, statics, left);
            }
            return row;
          }

          @Override
          protected RangeTombstoneMarker applyToMarker(RangeTombstoneMarker marker) {
            range = marker.isOpen(false) ? marker.openDeletionTime(false) : DeletionTime.LIVE;
            return marker;
          }

          @Override
          protected void onPartitionClose() {
            // A partition of which only the static row is left is shown as one row.
            if (!shown && isLive(statics)) {
              count(key, statics, null);
            }
          }
        });
  }

  /// Of a row what is not deleted by its partition or a range.
  private @Nullable Row left(Row row) {
    DeletionTime deletion = range.supersedes(partition) ? range : partition;
    return row.isEmpty() ? null : row.filter(all, deletion, false, table);
  }

  private boolean isLive(@Nullable Row row) {
    return row != null && row.hasLiveData(now, table.enforceStrictLiveness());
  }

  private void count(DecoratedKey key, @Nullable Row statics, @Nullable Row row) {
    rows++;
    digest.add(values.of(key, statics, row));
    expiring += expires(row) || expires(statics) ? 1 : 0;
  }

  private static boolean expires(@Nullable Row row) {
    if (row == null) {
      return false;
    }
    if (row.primaryKeyLivenessInfo().isExpiring()) {
      return true;
    }
    for (Cell<?> cell : row.cells()) {
      if (cell.isExpiring()) {
        return true;
      }
    }
    return false;
  }
}
