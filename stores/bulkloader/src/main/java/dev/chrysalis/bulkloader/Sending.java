package dev.chrysalis.bulkloader;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.cassandra.io.sstable.SSTableLoader;
import org.apache.cassandra.io.util.File;
import org.apache.cassandra.streaming.StreamEvent;
import org.apache.cassandra.streaming.StreamEventHandler;
import org.apache.cassandra.streaming.StreamState;
import org.apache.cassandra.utils.OutputHandler;

/// Streams the SSTables of one folder to the nodes that own their partitions.
final class Sending implements StreamEventHandler {
  private static final long PACE = 16L << 20;

  private final Request.Load asked;
  private final RingClient client;
  private final Answers answers;
  private final Map<String, Long> sentOfFile = new ConcurrentHashMap<>();
  private long told;

  Sending(Request.Load asked, RingClient client, Answers answers) {
    this.asked = asked;
    this.client = client;
    this.answers = answers;
  }

  /// Streams them and waits for the end.
  ///
  /// @return how many bytes all nodes were sent
  long stream(Path folder) {
    SSTableLoader loader =
        new SSTableLoader(
            new File(folder),
            client,
            new OutputHandler.LogOutput(),
            1,
            asked.keyspace(),
            asked.table());
    try {
      StreamState state = loader.stream(Set.of(), this).get();
      requireAll(state, loader);
      return sent();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LoaderFailure("interrupted while streaming", e);
    } catch (ExecutionException | RuntimeException e) {
      throw new LoaderFailure(
          "cannot stream %s.%s to %s"
              .formatted(asked.keyspace(), asked.table(), loader.getFailedHosts()),
          e);
    }
  }

  /// A session that was given up counts as ended for whoever streams.
  private void requireAll(StreamState state, SSTableLoader loader) {
    if (state.hasFailedSession()
        || state.hasAbortedSession()
        || !loader.getFailedHosts().isEmpty()
        || sent() == 0) {
      throw new LoaderFailure(
          "%s.%s was not streamed to all of its nodes: %s, %d bytes sent"
              .formatted(asked.keyspace(), asked.table(), state.sessions, sent()));
    }
  }

  private long sent() {
    return sentOfFile.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public void handleStreamEvent(StreamEvent event) {
    if (event instanceof StreamEvent.ProgressEvent progress) {
      sentOfFile.put(
          progress.progress.peer + " " + progress.progress.fileName,
          progress.progress.currentBytes);
      tell();
    }
  }

  private synchronized void tell() {
    long sent = sent();
    if (sent - told > PACE) {
      told = sent;
      answers.progress("streaming", sent, 0);
    }
  }

  @Override
  public void onSuccess(StreamState state) {
    // The future tells.
  }

  @Override
  public void onFailure(Throwable failure) {
    // The future tells.
  }
}
