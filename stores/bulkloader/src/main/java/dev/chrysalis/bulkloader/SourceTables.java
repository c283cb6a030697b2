package dev.chrysalis.bulkloader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.cassandra.db.SerializationHeader;
import org.apache.cassandra.db.partitions.UnfilteredPartitionIterator;
import org.apache.cassandra.db.partitions.UnfilteredPartitionIterators;
import org.apache.cassandra.dht.IPartitioner;
import org.apache.cassandra.io.sstable.Component;
import org.apache.cassandra.io.sstable.Descriptor;
import org.apache.cassandra.io.sstable.ISSTableScanner;
import org.apache.cassandra.io.sstable.format.SSTableReader;
import org.apache.cassandra.io.sstable.metadata.MetadataType;
import org.apache.cassandra.io.sstable.metadata.ValidationMetadata;
import org.apache.cassandra.io.util.File;
import org.apache.cassandra.schema.TableMetadataRef;
import org.apache.cassandra.utils.FBUtilities;

/// All SSTables of one table, of one node or of several, read as one.
final class SourceTables implements AutoCloseable {
  private static final String ANY_NAME = "any";

  private final TableMetadataRef table;
  private final List<SSTableReader> readers = new ArrayList<>();

  private SourceTables(TableMetadataRef table) {
    this.table = table;
  }

  /// @param table what they are to be read as
  static SourceTables open(List<Path> folders, TableMetadataRef table) {
    SourceTables sources = new SourceTables(table);
    try {
      folders.forEach(sources::openIn);
      return sources;
    } catch (RuntimeException | Error e) {
      sources.close();
      throw e;
    }
  }

  /// How the partitions of some SSTables are spread over their ring, by what they say themselves.
  static IPartitioner partitioner(List<Path> folders) {
    for (Path folder : folders) {
      for (Path file : dataFiles(folder)) {
        return partitioner(file);
      }
    }
    throw new LoaderFailure("there is no SSTable in " + folders);
  }

  private static IPartitioner partitioner(Path file) {
    try {
      Descriptor descriptor =
          Descriptor.fromFileWithComponent(new File(file), ANY_NAME, ANY_NAME).left;
      ValidationMetadata said =
          (ValidationMetadata)
              descriptor.getMetadataSerializer().deserialize(descriptor, MetadataType.VALIDATION);
      return FBUtilities.newPartitioner(said.partitioner);
    } catch (IOException | RuntimeException e) {
      throw new LoaderFailure("cannot read " + file, e);
    }
  }

  private static List<Path> dataFiles(Path folder) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*-Data.db")) {
      files.forEach(found::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private void openIn(Path folder) {
    dataFiles(folder).forEach(file -> readers.add(reader(file)));
  }

  private SSTableReader reader(Path file) {
    try {
      Descriptor descriptor =
          Descriptor.fromFileWithComponent(new File(file), table.keyspace, table.name).left;
      Set<Component> components = descriptor.discoverComponents();
      return SSTableReader.openForBatch(null, descriptor, components, table);
    } catch (RuntimeException e) {
      throw new LoaderFailure("cannot read " + file, e);
    }
  }

  boolean isEmpty() {
    return readers.isEmpty();
  }

  long bytes() {
    return SSTableReader.getTotalUncompressedBytes(readers);
  }

  /// About how many partitions lie in so many bytes, counted rather too high.
  ///
  /// @param bytes on disk
  long partitionsIn(long bytes) {
    long all = readers.stream().mapToLong(SSTableReader::estimatedKeys).sum();
    double part = 2.0 * bytes / Math.max(1, SSTableReader.getTotalBytes(readers));
    return Math.max(1, (long) (all * Math.min(1, part)));
  }

  SerializationHeader header() {
    return SerializationHeader.make(table.get(), readers);
  }

  /// All partitions in the order of their tokens, each once, with the newest of every cell. What is
  /// deleted stays deleted: nothing is left out.
  Reading read() {
    List<ISSTableScanner> scanners = new ArrayList<>();
    readers.forEach(reader -> scanners.add(reader.getScanner()));
    return new Reading(
        scanners,
        UnfilteredPartitionIterators.merge(
            scanners, UnfilteredPartitionIterators.MergeListener.NOOP));
  }

  /// @param partitions to be closed
  record Reading(List<ISSTableScanner> scanners, UnfilteredPartitionIterator partitions) {
    /// How many bytes of all were passed.
    long position() {
      return scanners.stream().mapToLong(ISSTableScanner::getCurrentPosition).sum();
    }
  }

  @Override
  public void close() {
    readers.forEach(reader -> reader.selfRef().release());
    readers.clear();
  }
}
