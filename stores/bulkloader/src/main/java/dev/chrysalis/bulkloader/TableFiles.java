package dev.chrysalis.bulkloader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.cassandra.db.SerializationHeader;
import org.apache.cassandra.io.sstable.Descriptor;
import org.apache.cassandra.io.sstable.SSTableTxnWriter;
import org.apache.cassandra.io.sstable.SequenceBasedSSTableId;
import org.apache.cassandra.io.sstable.format.Version;
import org.apache.cassandra.io.util.File;
import org.apache.cassandra.schema.TableMetadataRef;
import org.apache.cassandra.service.ActiveRepairService;

/// SSTables that are written here.
final class TableFiles {
  private TableFiles() {}

  /// Begins one.
  ///
  /// @param folder an empty one
  /// @param partitions about how many it will have
  static SSTableTxnWriter write(
      TableMetadataRef table,
      Version version,
      Path folder,
      long partitions,
      SerializationHeader header) {
    Descriptor descriptor =
        new Descriptor(
            version, new File(folder), table.keyspace, table.name, new SequenceBasedSSTableId(1));
    return SSTableTxnWriter.create(
        table,
        descriptor,
        partitions,
        ActiveRepairService.UNREPAIRED_SSTABLE,
        ActiveRepairService.NO_PENDING_REPAIR,
        false,
        header,
        Set.of(),
        null);
  }

  static long bytesIn(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      long bytes = 0;
      for (Path file : all) {
        bytes += Files.size(file);
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void remove(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
