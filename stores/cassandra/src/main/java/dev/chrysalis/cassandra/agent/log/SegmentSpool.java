package dev.chrysalis.cassandra.agent.log;

import dev.chrysalis.cassandra.archive.SegmentName;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/// Second names of segments that the vault does not have whole yet, in a folder of their own below
/// the commit log's: the server removes a segment when its tables are flushed, and an agent that is
/// started anew still finds it here. Cassandra looks at no folder there.
///
/// A second name takes room only once the server has removed the first. What a dead agent leaves is
/// no more than the segments that were there when it died.
final class SegmentSpool {
  static final String FOLDER = "chrysalis-spool";

  private final Path commitLog;
  private final Path spool;

  SegmentSpool(Path commitLog) {
    this.commitLog = commitLog;
    this.spool = commitLog.resolve(FOLDER);
  }

  /// The segments that the server has, the oldest first.
  NavigableSet<SegmentName> servers() {
    return names(commitLog);
  }

  /// Those that have a second name.
  NavigableSet<SegmentName> kept() {
    return names(spool);
  }

  /// Gives it a second name and opens it; empty where the server has removed it already.
  Optional<Segment> keep(SegmentName name) {
    Path link = spool.resolve(name.toString());
    try {
      Files.createDirectories(spool);
      Files.createLink(link, commitLog.resolve(name.toString()));
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      // It has one, or it is gone: opening tells.
      return Segment.open(name, link);
    } catch (IOException e) {
      throw Segment.unreadable(link, e);
    }
    return Segment.open(name, link);
  }

  /// Takes the second name away.
  void drop(SegmentName name) {
    try {
      Files.deleteIfExists(spool.resolve(name.toString()));
    } catch (IOException e) {
      throw Segment.unreadable(spool.resolve(name.toString()), e);
    }
  }

  /// How much room only second names still take.
  long bytes() {
    long bytes = 0;
    for (SegmentName name : kept()) {
      bytes += bytes(spool.resolve(name.toString()));
    }
    return bytes;
  }

  /// How much room the disk has; as if there were enough where nothing is kept yet.
  long free() {
    try {
      return Files.isDirectory(spool) ? Files.getFileStore(spool).getUsableSpace() : Long.MAX_VALUE;
    } catch (IOException e) {
      throw Segment.unreadable(spool, e);
    }
  }

  private static long bytes(Path link) {
    try {
      boolean alone = Files.getAttribute(link, "unix:nlink") instanceof Integer links && links == 1;
      return alone ? Files.size(link) : 0;
    } catch (NoSuchFileException e) {
      // Dropped meanwhile.
      return 0;
    } catch (IOException e) {
      throw Segment.unreadable(link, e);
    }
  }

  private static NavigableSet<SegmentName> names(Path folder) {
    NavigableSet<SegmentName> names = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        SegmentName.parse(String.valueOf(file.getFileName())).ifPresent(names::add);
      }
    } catch (NoSuchFileException e) {
      return names;
    } catch (DirectoryIteratorException e) {
      throw Segment.unreadable(folder, new IOException(e));
    } catch (IOException e) {
      throw Segment.unreadable(folder, e);
    }
    return names;
  }
}
