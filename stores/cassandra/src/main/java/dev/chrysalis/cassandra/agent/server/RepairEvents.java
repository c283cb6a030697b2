package dev.chrysalis.cassandra.agent.server;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.management.Notification;
import javax.management.NotificationListener;
import javax.management.remote.JMXConnectionNotification;
import org.jspecify.annotations.Nullable;

/// What a node tells of the repairs that it has begun, as `nodetool repair` hears it
/// (`org.apache.cassandra.utils.progress.ProgressEventType`). To be asked for the outcome is no
/// way: the answer needs classes of the server's. Listening begins before a repair does.
final class RepairEvents implements NotificationListener {
  private static final int ERROR = 2;
  private static final int ABORT = 3;
  private static final int COMPLETE = 5;

  private final BlockingQueue<Notification> heard = new LinkedBlockingQueue<>();

  @Override
  public void handleNotification(Notification notification, @Nullable Object handback) {
    heard.add(notification);
  }

  /// Waits for the end of a repair.
  ///
  /// @param number the repair's
  /// @param patience how long to listen before `otherwise` is done
  /// @param otherwise throws where the node does not live any more
  /// @return why it failed; empty where it did not
  Optional<String> awaitEnd(int number, String what, Duration patience, Runnable otherwise) {
    String source = "repair:" + number;
    @Nullable String trouble = null;
    while (true) {
      Notification next = next(patience);
      if (next == null) {
        otherwise.run();
        continue;
      }
      if (next instanceof JMXConnectionNotification) {
        requireUnbroken(next, what);
        continue;
      }
      if (!source.equals(next.getSource())) {
        continue;
      }
      int type = type(next);
      if (type == ERROR || type == ABORT) {
        trouble = String.valueOf(next.getMessage());
      }
      if (type == COMPLETE) {
        return Optional.ofNullable(trouble);
      }
    }
  }

  private @Nullable Notification next(Duration patience) {
    try {
      return heard.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChrysalisException(
          CassandraErrors.INTERRUPTED, "interrupted while a node was repaired", "start it again");
    }
  }

  private static void requireUnbroken(Notification event, String what) {
    switch (event.getType()) {
      case JMXConnectionNotification.CLOSED,
          JMXConnectionNotification.FAILED,
          JMXConnectionNotification.NOTIFS_LOST ->
          throw new ChrysalisException(
              CassandraErrors.COMMAND_FAILED,
              "the repair of %s failed: what the node told of it was lost".formatted(what),
              "repeat it");
      default -> {}
    }
  }

  private static int type(Notification notification) {
    return notification.getUserData() instanceof Map<?, ?> map
            && map.get("type") instanceof Integer type
        ? type
        : -1;
  }
}
