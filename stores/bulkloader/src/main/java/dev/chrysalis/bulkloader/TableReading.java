package dev.chrysalis.bulkloader;

import java.util.Map;
import org.apache.cassandra.db.partitions.UnfilteredPartitionIterator;
import org.apache.cassandra.db.rows.UnfilteredRowIterator;
import org.apache.cassandra.db.transform.Transformation;
import org.apache.cassandra.schema.TableMetadataRef;
import org.apache.cassandra.utils.FBUtilities;

/// Reads a table as a client would see it, from the SSTables of all nodes.
final class TableReading {
  private static final long PACE = 64L << 20;

  private final Request.Read asked;
  private final TableMetadataRef table;
  private final Answers answers;

  /// @param table what its files are read as
  TableReading(Request.Read asked, TableMetadataRef table, Answers answers) {
    this.asked = asked;
    this.table = table;
    this.answers = answers;
  }

  /// Runs it: what `LiveRows` found.
  Map<String, ?> run() {
    LiveRows live = new LiveRows(table.get(), FBUtilities.nowInSeconds());
    try (SourceTables sources = SourceTables.open(asked.folders(), table)) {
      if (!sources.isEmpty()) {
        SourceTables.Reading reading = sources.read();
        try (UnfilteredPartitionIterator merged =
            Transformation.apply(reading.partitions(), live)) {
          long told = 0;
          while (merged.hasNext()) {
            try (UnfilteredRowIterator partition = merged.next()) {
              partition.forEachRemaining(row -> {});
            }
            if (reading.position() - told > PACE) {
              told = reading.position();
              answers.progress("reading", told, sources.bytes());
            }
          }
        }
      }
    }
    return live.found();
  }
}
