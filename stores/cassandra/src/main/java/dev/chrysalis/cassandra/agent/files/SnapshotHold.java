package dev.chrysalis.cassandra.agent.files;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.platform.volume.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// By which a running backup shows that it copies from one of the server's own snapshots: a lock on
/// a file beside the tables, `chrysalis-1795743542-nightly.lock`. The system lets go of it when the
/// process ends, however that is. Only processes on the node's own machine see each other's; one
/// process takes one backup of a node at a time.
final class SnapshotHold implements AutoCloseable {
  private static final String SUFFIX = ".lock";
  private static final String HINT = "look at the volume and at the agent's rights on it";

  private final Path file;
  private final FileChannel channel;

  private SnapshotHold(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// To be taken before the server's snapshot.
  ///
  /// @param data the node's first folder of tables
  static SnapshotHold take(Path data, SnapshotTag tag) {
    Path file = file(data, tag);
    try {
      FileChannel channel = PrivateFiles.like(data).create(file);
      try {
        FileLock _ = channel.lock();
        return new SnapshotHold(file, channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of("cannot lock", file, e, HINT);
    }
  }

  /// What is known of a snapshot's backup.
  enum Holder {
    /// It is at work.
    HELD,
    /// It has ended without a word.
    LEFT,
    /// There is no file that would tell.
    UNKNOWN
  }

  /// Who holds a snapshot. Not to be asked of one that this process holds: to look at its file
  /// would let go of it (`FileLock`).
  static Holder of(Path data, SnapshotTag tag) {
    Path file = file(data, tag);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      @Nullable FileLock lock = channel.tryLock();
      return lock == null ? Holder.HELD : Holder.LEFT;
    } catch (OverlappingFileLockException e) {
      return Holder.HELD;
    } catch (NoSuchFileException e) {
      return Holder.UNKNOWN;
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of("cannot lock", file, e, HINT);
    }
  }

  /// Whether there is a snapshot whose backup has ended without a word.
  static boolean anyLeft(Path data) {
    return !left(data).isEmpty();
  }

  /// Removes the files of backups that are over. To be called when their snapshots are gone.
  static void forgetLeft(Path data) {
    for (Path file : left(data)) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw CassandraErrors.VOLUME.of("cannot remove", file, e, HINT);
      }
    }
  }

  private static List<Path> left(Path data) {
    List<Path> left = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(data, "chrysalis-*" + SUFFIX)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        Optional<SnapshotTag> tag =
            SnapshotTag.parse(name.substring(0, name.length() - SUFFIX.length()));
        if (tag.filter(of -> of(data, of) == Holder.LEFT).isPresent()) {
          left.add(file);
        }
      }
      return left;
    } catch (DirectoryIteratorException | IOException e) {
      throw CassandraErrors.VOLUME.of("cannot read", data, new IOException(e), HINT);
    }
  }

  private static Path file(Path data, SnapshotTag tag) {
    return data.resolve(tag + SUFFIX);
  }

  /// The snapshot is gone.
  void forget() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of("cannot remove", file, e, HINT);
    }
  }

  /// Lets go of the lock. Where the snapshot was not cleared the file stays: it tells the next
  /// backup that nobody copies from it any more.
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of("cannot close", file, e, HINT);
    }
  }
}
