package dev.chrysalis.cassandra.agent.log;

import dev.chrysalis.cassandra.agent.files.TableFile;
import dev.chrysalis.cassandra.archive.SchemaSeen;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Looks again and again which schema the node has, and when a table was truncated last. A truncate
/// is no change of the schema; where the server makes a snapshot of a table that it truncates
/// (`auto_snapshot`), that tells of it by its name.
///
/// While the node does not answer, what was seen before stands, with its moment. One thread looks,
/// any may read.
final class SchemaWatch {
  private static final Pattern TRUNCATED = Pattern.compile("truncated-([0-9]{10,16})-.*");

  private final List<Path> data;
  private final Supplier<String> version;
  private final Clock clock;
  private volatile SchemaSeen seen;

  /// @param data a node's folders of tables
  /// @param version asks the node for the version of its schema
  /// @param before what was seen last by an earlier shipper of the same log
  SchemaWatch(List<Path> data, Supplier<String> version, Clock clock, SchemaSeen before) {
    this.data = List.copyOf(data);
    this.version = version;
    this.clock = clock;
    this.seen = before;
  }

  SchemaSeen seen() {
    return seen;
  }

  /// Looks once. Errors are those of the node and of its volume.
  void look() {
    // Before the node is asked: what it says then is at least as new.
    Instant now = clock.instant();
    Instant truncated = newestTruncation();
    Instant before = seen.truncated();
    seen = new SchemaSeen(now, version.get(), truncated.isAfter(before) ? truncated : before);
  }

  private Instant newestTruncation() {
    Instant newest = Instant.EPOCH;
    for (Path folder : data) {
      Instant last = newestTruncationIn(folder);
      newest = last.isAfter(newest) ? last : newest;
    }
    return newest;
  }

  private static Instant newestTruncationIn(Path folder) {
    Instant newest = Instant.EPOCH;
    try (DirectoryStream<Path> keyspaces =
        Files.newDirectoryStream(folder, SchemaWatch::isKeyspace)) {
      for (Path keyspace : keyspaces) {
        try (DirectoryStream<Path> tables = Files.newDirectoryStream(keyspace)) {
          for (Path table : tables) {
            Instant last = newestTruncationOf(table.resolve("snapshots"));
            newest = last.isAfter(newest) ? last : newest;
          }
        }
      }
    } catch (NoSuchFileException _) {
      // A table that is dropped just now, or a node that has no data yet.
    } catch (DirectoryIteratorException e) {
      throw Segment.unreadable(folder, new IOException(e));
    } catch (IOException e) {
      throw Segment.unreadable(folder, e);
    }
    return newest;
  }

  /// Not `lost+found`, which may be closed to the agent.
  private static boolean isKeyspace(Path folder) {
    return TableFile.isKeyspace(String.valueOf(folder.getFileName())) && Files.isDirectory(folder);
  }

  private static Instant newestTruncationOf(Path snapshots) throws IOException {
    Instant newest = Instant.EPOCH;
    if (!Files.isDirectory(snapshots)) {
      return newest;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(snapshots, "truncated-*")) {
      for (Path snapshot : all) {
        Matcher m = TRUNCATED.matcher(String.valueOf(snapshot.getFileName()));
        if (m.matches()) {
          Instant at = Instant.ofEpochMilli(Long.parseLong(m.group(1)));
          newest = at.isAfter(newest) ? at : newest;
        }
      }
    }
    return newest;
  }
}
