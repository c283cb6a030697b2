package dev.chrysalis.bulkloader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.cassandra.db.partitions.UnfilteredPartitionIterator;
import org.apache.cassandra.db.rows.UnfilteredRowIterator;
import org.apache.cassandra.db.transform.Transformation;
import org.apache.cassandra.io.sstable.SSTableTxnWriter;
import org.apache.cassandra.schema.TableMetadataRef;
import org.apache.cassandra.utils.FBUtilities;

/// Loads one table. The SSTables of all nodes hold each partition as often as there are replicas;
/// sent as they are (as `sstableloader` does) each of these would go to each replica again. So they
/// are merged first, and written as one table in pieces of a few hundred MiB, each of which is
/// streamed and removed before the next: every partition goes to every node that owns it once.
///
/// Memory grows with the number of SSTables, not with the rows in them. Where a run fails what was
/// streamed before stays; loading it again changes nothing, since the cells have their own write
/// times.
final class TableLoad {
  private static final long PIECE = 512L << 20;
  private static final long PACE = 16L << 20;

  private final Request.Load asked;
  private final RingClient client;
  private final Answers answers;

  TableLoad(Request.Load asked, RingClient client, Answers answers) {
    this.asked = asked;
    this.client = client;
    this.answers = answers;
  }

  /// Runs it: `partitions`, `rows` (live ones), `expiring` of them, `bytes` written, and `sent` to
  /// all nodes.
  Map<String, ?> run() {
    client.init(asked.keyspace());
    TableMetadataRef table = client.table(asked.table());
    LiveRows live = new LiveRows(table.get(), FBUtilities.nowInSeconds());
    long written = 0;
    long sent = 0;
    try (SourceTables sources = SourceTables.open(asked.folders(), table)) {
      if (!sources.isEmpty()) {
        SourceTables.Reading reading = sources.read();
        try (UnfilteredPartitionIterator merged =
            Transformation.apply(reading.partitions(), live)) {
          for (int piece = 1; merged.hasNext(); piece++) {
            Path folder = makeFolder(table, piece);
            long bytes = write(table, sources, reading, merged, folder);
            if (bytes > 0) {
              written += bytes;
              sent += new Sending(asked, client, answers).stream(folder);
            }
            TableFiles.remove(folder);
          }
        }
      }
    }
    Map<String, Object> found = new HashMap<>(live.found());
    found.put("bytes", written);
    found.put("sent", sent);
    return found;
  }

  private Path makeFolder(TableMetadataRef table, int piece) {
    try {
      return Files.createDirectories(
          asked
              .scratch()
              .resolve("piece-" + piece)
              .resolve(table.keyspace)
              .resolve(table.name + "-" + table.id.toHexString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long write(
      TableMetadataRef table,
      SourceTables sources,
      SourceTables.Reading reading,
      UnfilteredPartitionIterator merged,
      Path folder) {
    try (SSTableTxnWriter writer =
        TableFiles.write(
            table, client.tableVersion(), folder, sources.partitionsIn(PIECE), sources.header())) {
      long told = 0;
      boolean any = false;
      while (merged.hasNext() && writer.getOnDiskBytesWritten() < PIECE) {
        try (UnfilteredRowIterator partition = merged.next()) {
          // Of columns that were dropped since nothing is left: no table can be made of that alone.
          if (!partition.isEmpty()) {
            writer.append(partition);
            any = true;
          }
        }
        if (reading.position() - told > PACE) {
          told = reading.position();
          answers.progress("merging", told, sources.bytes());
        }
      }
      if (!any) {
        writer.abort();
        return 0;
      }
      writer.finish(false);
    }
    return TableFiles.bytesIn(folder);
  }
}
