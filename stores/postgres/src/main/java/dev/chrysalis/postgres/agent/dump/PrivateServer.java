package dev.chrysalis.postgres.agent.dump;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.LeftOvers;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.PostgresServer;
import dev.chrysalis.postgres.agent.server.ServerConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A server over a cluster that is being filled, which nobody else can reach: it listens only on a
/// Unix socket in a folder that is closed to others, and lets whoever gets there in. It writes no
/// more than it must, since a cluster that breaks off is thrown away.
///
/// Closing it kills it; `stop` ends it in order.
final class PrivateServer implements AutoCloseable {
  static final int PORT = 5432;
  private static final String SOCKETS = "chrysalis-dump-";
  private static final Path SHORT = Path.of("/tmp");
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("listen_addresses", ""),
          Map.entry("fsync", "off"),
          Map.entry("synchronous_commit", "off"),
          Map.entry("full_page_writes", "off"),
          Map.entry("wal_level", "minimal"),
          Map.entry("max_wal_senders", "0"),
          Map.entry("max_wal_size", "4GB"),
          Map.entry("shared_buffers", "128MB"),
          Map.entry("maintenance_work_mem", "256MB"),
          Map.entry("autovacuum", "off"),
          Map.entry("log_min_messages", "error"),
          // A statement that fails may hold a password.
          Map.entry("log_min_error_statement", "panic"));

  private final Programs.Started server;
  private final Path sockets;
  private final String superuser;

  private PrivateServer(Programs.Started server, Path sockets, String superuser) {
    this.server = server;
    this.sockets = sockets;
    this.superuser = superuser;
  }

  static PrivateServer start(
      ServerPrograms installed, Programs programs, Path data, String superuser) throws IOException {
    Path sockets = socketFolder();
    programs.owner().own(sockets);
    Path access = sockets.resolve("pg_hba.conf");
    programs.owner().replace(access, "local all all trust\n");
    List<String> command = new ArrayList<>();
    command.addAll(List.of(installed.postgres().toString(), "-D", data.toString()));
    command.addAll(List.of("-k", sockets.toString(), "-c", "hba_file=" + access));
    SETTINGS.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    PrivateServer server = new PrivateServer(programs.start(command), sockets, superuser);
    try {
      server.awaitStart();
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /// A path to a socket has at most 107 bytes, so the folder for temporary files that the process
  /// was given may be too deep.
  private static Path socketFolder() throws IOException {
    return Files.isWritable(SHORT)
        ? Files.createTempDirectory(SHORT, SOCKETS)
        : Files.createTempDirectory(SOCKETS);
  }

  private void awaitStart() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        connection("postgres").openToLook().close();
        return;
      } catch (ChrysalisException | java.sql.SQLException e) {
        if (!server.process().isAlive() || System.nanoTime() > end) {
          throw new ChrysalisException(
              PostgresErrors.DUMP_FAILED,
              "the server of the new cluster does not start: " + server.said(),
              "nothing of the old data was touched; clear what it complains of and resume",
              e);
        }
        waitFor(Duration.ofMillis(50));
      }
    }
  }

  /// Waits a moment, less where the server ends in it.
  private boolean waitFor(Duration atMost) {
    try {
      return server.process().waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChrysalisException(
          PostgresErrors.INTERRUPTED, "interrupted while a server ran", "run it again", e);
    }
  }

  Path sockets() {
    return sockets;
  }

  ServerConnection connection(String database) {
    return new ServerConnection(
        new PostgresServer(sockets.toString(), PORT, superuser, database, Optional.empty()),
        TIMEOUT);
  }

  /// Ends it in order, with a checkpoint, so that the files are whole.
  void stop() {
    // A smart shutdown: no session is left that it would wait for.
    server.process().destroy();
    int code = server.await();
    if (code != 0) {
      throw new ChrysalisException(
          PostgresErrors.DUMP_FAILED,
          "the server of the new cluster ended with %d: %s".formatted(code, server.said()),
          "nothing of the old data was touched; resume to begin anew");
    }
  }

  @Override
  public void close() {
    server.close();
    removeSockets(sockets);
  }

  /// Ends what an agent that was killed has left running over a cluster, and its folder.
  static void endLeftOver(Path data, long pid) throws IOException {
    List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
    ProcessHandle.of(pid).ifPresent(PrivateServer::kill);
    if (lines.size() > 4) {
      Path sockets = Path.of(lines.get(4));
      if (String.valueOf(sockets.getFileName()).startsWith(SOCKETS)) {
        removeSockets(sockets);
      }
    }
  }

  private static void kill(ProcessHandle server) {
    Programs.kill(server);
    try {
      ProcessHandle _ = server.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChrysalisException(
          PostgresErrors.INTERRUPTED, "interrupted while a server ended", "run it again", e);
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new ChrysalisException(
          PostgresErrors.SERVER_RUNNING,
          "the server %d that an earlier attempt left cannot be ended".formatted(server.pid()),
          "end it by hand and resume",
          e);
    }
  }

  private static void removeSockets(Path sockets) {
    try {
      if (Files.isDirectory(sockets)) {
        Files.walkFileTree(sockets, new LeftOvers(sockets));
        Files.delete(sockets);
      }
    } catch (IOException _) {
      // An empty folder of its own in the machine's temporary files hurts nobody.
    }
  }
}
