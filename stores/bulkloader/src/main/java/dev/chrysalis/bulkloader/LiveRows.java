package dev.chrysalis.bulkloader;

import org.apache.cassandra.db.DeletionTime;
import org.apache.cassandra.db.filter.ColumnFilter;
import org.apache.cassandra.db.rows.Cell;
import org.apache.cassandra.db.rows.RangeTombstoneMarker;
import org.apache.cassandra.db.rows.Row;
import org.apache.cassandra.db.rows.UnfilteredRowIterator;
import org.apache.cassandra.db.transform.Transformation;
import org.apache.cassandra.schema.TableMetadata;

/// Counts the rows that a client would see, while partitions pass.
final class LiveRows extends Transformation<UnfilteredRowIterator> {
  private final TableMetadata table;
  private final ColumnFilter all;
  private final long now;
  private long partitions;
  private long rows;
  private long expiring;

  private DeletionTime partition = DeletionTime.LIVE;
  private DeletionTime range = DeletionTime.LIVE;
  private boolean shown;

  /// @param now in seconds since 1970: what has expired then is not counted
  LiveRows(TableMetadata table, long now) {
    this.table = table;
    this.all = ColumnFilter.all(table);
    this.now = now;
  }

  long partitions() {
    return partitions;
  }

  long rows() {
    return rows;
  }

  /// How many of them, at most, will be gone after some time.
  long expiring() {
    return expiring;
  }

  @Override
  protected UnfilteredRowIterator applyToPartition(UnfilteredRowIterator rows) {
    partitions++;
    partition = rows.partitionLevelDeletion();
    range = DeletionTime.LIVE;
    shown = false;
    Row statics = rows.staticRow();
    return Transformation.apply(
        rows,
        new Transformation<>() {
          @Override
          protected Row applyToRow(Row row) {
            count(row);
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
            if (!shown) {
              count(statics);
            }
          }
        });
  }

  private void count(Row row) {
    DeletionTime deletion = range.supersedes(partition) ? range : partition;
    Row left = row.isEmpty() ? null : row.filter(all, deletion, false, table);
    if (left != null && left.hasLiveData(now, table.enforceStrictLiveness())) {
      shown = true;
      rows++;
      expiring += expires(left) ? 1 : 0;
    }
  }

  private static boolean expires(Row row) {
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
