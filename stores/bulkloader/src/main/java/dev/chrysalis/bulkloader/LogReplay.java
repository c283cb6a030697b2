package dev.chrysalis.bulkloader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.cassandra.db.Mutation;
import org.apache.cassandra.db.commitlog.CommitLogDescriptor;
import org.apache.cassandra.db.commitlog.CommitLogPosition;
import org.apache.cassandra.db.commitlog.CommitLogReadHandler;
import org.apache.cassandra.db.commitlog.CommitLogReader;
import org.apache.cassandra.db.partitions.PartitionUpdate;
import org.apache.cassandra.io.sstable.format.Version;
import org.apache.cassandra.io.util.File;

/// Reads the commit log of a node as the node would at its start (`CommitLogReplayer`): mutations
/// of which any part is newer than the moment are passed over, and what a table's truncation has
/// removed. What the node had flushed already is read again, which changes nothing: cells have
/// their own write times.
final class LogReplay implements CommitLogReadHandler {
  private final Request.Replay asked;
  private final Answers answers;
  private final LoggedRows rows;
  private final Truncations truncations;
  private long updates;
  private long later;

  LogReplay(Request.Replay asked, Version version, Answers answers) {
    this.asked = asked;
    this.answers = answers;
    this.rows = new LoggedRows(asked.into(), version);
    this.truncations = Truncations.read(asked.local());
  }

  /// Runs it: `updates` of those tables, and how many mutations were `later`.
  Map<String, ?> run() {
    List<Path> segments = segments();
    CommitLogReader reader = new CommitLogReader();
    for (int i = 0; i < segments.size(); i++) {
      boolean last = i == segments.size() - 1;
      try {
        // Only the last one may end anywhere: the others were full.
        reader.readCommitLogSegment(this, new File(segments.get(i)), last);
      } catch (IOException e) {
        throw unreadable(segments.get(i).getFileName().toString(), e);
      }
      answers.progress("reading the log", i + 1, segments.size());
    }
    rows.flush();
    return Map.of("updates", updates, "later", later);
  }

  private List<Path> segments() {
    try (Stream<Path> files = Files.list(asked.segments())) {
      return files
          .filter(file -> CommitLogDescriptor.isValid(file.getFileName().toString()))
          .sorted(
              Comparator.comparingLong(
                  file -> CommitLogDescriptor.idFromFileName(file.getFileName().toString())))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void handleMutation(Mutation mutation, int size, int place, CommitLogDescriptor segment) {
    if (mutation.getPartitionUpdates().stream().noneMatch(this::isWanted)) {
      return;
    }
    if (mutation.getPartitionUpdates().stream().anyMatch(u -> u.maxTimestamp() > asked.until())) {
      later++;
      return;
    }
    CommitLogPosition at = new CommitLogPosition(segment.id, place);
    for (PartitionUpdate update : mutation.getPartitionUpdates()) {
      if (isWanted(update) && !truncations.removed(update.metadata().id, at)) {
        rows.add(update);
        updates++;
      }
    }
  }

  private boolean isWanted(PartitionUpdate update) {
    return asked.tables().contains(update.metadata().keyspace + "." + update.metadata().name);
  }

  @Override
  public boolean shouldSkipSegmentOnError(CommitLogReadException failure) {
    throw unreadable("a segment", failure);
  }

  @Override
  public void handleUnrecoverableError(CommitLogReadException failure) {
    throw unreadable("a segment", failure);
  }

  private static LoaderFailure unreadable(String segment, IOException failure) {
    return new LoaderFailure("cannot read %s of the commit log".formatted(segment), failure);
  }
}
