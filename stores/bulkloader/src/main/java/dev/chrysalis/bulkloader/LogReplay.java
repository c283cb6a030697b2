package dev.chrysalis.bulkloader;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.cassandra.config.TransparentDataEncryptionOptions;
import org.apache.cassandra.db.Mutation;
import org.apache.cassandra.db.commitlog.CommitLogDescriptor;
import org.apache.cassandra.db.commitlog.CommitLogPosition;
import org.apache.cassandra.db.commitlog.CommitLogReadHandler;
import org.apache.cassandra.db.commitlog.CommitLogReader;
import org.apache.cassandra.db.partitions.PartitionUpdate;
import org.apache.cassandra.exceptions.ConfigurationException;
import org.apache.cassandra.io.util.File;
import org.apache.cassandra.schema.SchemaConstants;
import org.apache.cassandra.security.EncryptionContext;

/// Reads the commit log of a node as the node would at its start (`CommitLogReplayer`): mutations
/// of which any part is newer than the moment are passed over, and what a table's truncation has
/// removed. What the node had flushed already is read again: cells have their own write times, so
/// that it is there once.
///
/// A segment that was the last of its process may end in what a crashed machine has not written.
final class LogReplay implements CommitLogReadHandler {
  private static final String CAUSE = "Exception follows: ";
  private static final Pattern SAVED = Pattern.compile("saved to (\\S+/mutation\\d+dat)\\.");

  private static final EncryptionContext OPEN =
      new EncryptionContext(new TransparentDataEncryptionOptions(false));

  private final Request.Replay asked;
  private final ServerConfiguration configuration;
  private final Answers answers;
  private final LoggedRows rows;
  private final Truncations truncations;
  private long updates;
  private long later;
  private long unfit;
  private long cut;

  LogReplay(Request.Replay asked, ServerConfiguration configuration, Answers answers) {
    this.asked = asked;
    this.configuration = configuration;
    this.answers = answers;
    this.rows = new LoggedRows(asked.into(), configuration.tableVersion(), asked.hold());
    this.truncations = Truncations.read(asked.local());
  }

  /// Runs it: `updates` of those tables, how many mutations were `later` or `unfit`, and at how
  /// many places the log was `cut` short by a crash.
  Map<String, ?> run() {
    List<Path> segments = segments();
    if (segments.stream().anyMatch(LogReplay::isEncrypted)) {
      configuration.useKeysOfLogs();
    }
    CommitLogReader reader = new CommitLogReader();
    for (int i = 0; i < segments.size(); i++) {
      boolean endsAProcess =
          i == segments.size() - 1 || id(segments.get(i + 1)) != id(segments.get(i)) + 1;
      try {
        reader.readCommitLogSegment(this, new File(segments.get(i)), endsAProcess);
      } catch (IOException e) {
        throw new LoaderFailure(
            "cannot read %s of the commit log".formatted(segments.get(i).getFileName()), e);
      }
      answers.progress("reading the log", i + 1, segments.size());
    }
    rows.flush();
    return Map.of("updates", updates, "later", later, "unfit", unfit, "cut", cut);
  }

  /// Any other trouble with a segment is its reader's.
  private static boolean isEncrypted(Path segment) {
    try {
      CommitLogDescriptor descriptor = CommitLogDescriptor.fromHeader(new File(segment), OPEN);
      return descriptor != null && descriptor.getEncryptionContext().isEnabled();
    } catch (ConfigurationException e) {
      // It asks for a key as soon as a header names one, and there is none here.
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private List<Path> segments() {
    try (Stream<Path> files = Files.list(asked.segments())) {
      return files
          .filter(file -> CommitLogDescriptor.isValid(file.getFileName().toString()))
          .sorted(Comparator.comparingLong(LogReplay::id))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long id(Path segment) {
    return CommitLogDescriptor.idFromFileName(segment.getFileName().toString());
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
        add(update);
      }
    }
  }

  private void add(PartitionUpdate update) {
    try {
      rows.add(update);
      updates++;
    } catch (UncheckedIOException e) {
      // The reader would take what it was caused by for trouble with the segment.
      throw LoaderFailure.ofTheMachine(
          "cannot write into %s: %s".formatted(asked.into(), e.getCause()));
    }
  }

  private boolean isWanted(PartitionUpdate update) {
    String keyspace = update.metadata().keyspace;
    return !update.isEmpty()
        && (asked.tables().contains(keyspace + "." + update.metadata().name)
            || (asked.roles() && keyspace.equals(SchemaConstants.AUTH_KEYSPACE_NAME)));
  }

  @Override
  public boolean shouldSkipSegmentOnError(CommitLogReadException failure)
      throws CommitLogReadException {
    handleUnrecoverableError(failure);
    return false;
  }

  @Override
  public void handleUnrecoverableError(CommitLogReadException failure)
      throws CommitLogReadException {
    if (failure.permissible) {
      cut++;
    } else if (failure.reason != CommitLogReadErrorReason.MUTATION_ERROR) {
      throw failure;
    } else if (asked.overChange()) {
      unfit++;
      forgetSaved(String.valueOf(failure.getMessage()));
    } else {
      throw new LoaderFailure(unfit(String.valueOf(failure.getMessage())));
    }
  }

  /// The reader keeps each of them in a file of its own, and there may be millions.
  private static void forgetSaved(String message) {
    Matcher file = SAVED.matcher(message);
    if (file.find()) {
      try {
        Files.deleteIfExists(Path.of(file.group(1)));
      } catch (IOException e) {
        throw LoaderFailure.ofTheMachine("cannot remove %s: %s".formatted(file.group(1), e));
      }
    }
  }

  /// Without the name of a file that will be gone.
  private static String unfit(String message) {
    int cause = message.indexOf(CAUSE);
    return "the log has writes that do not fit the tables of the snapshot: "
        + (cause < 0 ? message : message.substring(cause + CAUSE.length()));
  }
}
