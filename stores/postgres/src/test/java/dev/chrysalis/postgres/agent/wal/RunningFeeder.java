package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.postgres.ServerUser;
import dev.chrysalis.postgres.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A feeder in a thread of its own, for tests; its spool lies in the server's room.
final class RunningFeeder implements AutoCloseable {
  final List<FeedEvent> events = new CopyOnWriteArrayList<>();
  private final WalFeeder feeder;
  private final Thread thread;

  RunningFeeder(WalArchive archive, WalSpool spool, FeederSettings settings) {
    feeder = new WalFeeder(archive, spool, settings, events::add);
    thread = Thread.ofVirtual().start(feeder);
  }

  static WalSpool spool(TestPostgres server, Duration patience) {
    try {
      Path directory = server.room().resolve("spool");
      if (!Files.isDirectory(directory)) {
        Files.createDirectory(directory);
        ServerUser.own(directory);
      }
      return WalSpool.install(directory, patience);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Lets a server recover from the spool to a target and pause there.
  static void recoverTo(TestPostgres server, WalSpool spool, RestoreTarget target) {
    server
        .set("restore_command", WalSpool.restoreCommand(spool.directory()))
        .set("recovery_target_timeline", Integer.toString(target.timeline()))
        .set("recovery_target_lsn", target.lastRecord().toString())
        .set("recovery_target_action", "pause")
        .signal("recovery.signal");
  }

  @Override
  public void close() {
    feeder.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
