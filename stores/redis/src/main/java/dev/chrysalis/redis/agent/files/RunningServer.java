package dev.chrysalis.redis.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Whether a server runs whose files are to be changed: it answers at its port, or the process that
/// its pid file names has the data directory as its working directory, as every server has.
///
/// A pid means something only inside one process namespace; elsewhere the platform must know that
/// the server is off.
public final class RunningServer {
  private static final int PATIENCE_MILLIS = 1000;

  private RunningServer() {}

  /// `SERVER_RUNNING` where one does.
  public static void refuse(
      Path data, Optional<InetSocketAddress> address, Optional<RedisConfiguration> configuration) {
    if (address.filter(RunningServer::answers).isPresent()) {
      throw running(data, "it answers at " + address.get());
    }
    Optional<Long> pid =
        configuration
            .flatMap(c -> c.optional("pidfile"))
            .filter(file -> !file.isEmpty())
            .flatMap(file -> recorded(data.resolve(file)))
            .filter(id -> runsOn(id, data));
    if (pid.isPresent()) {
      throw running(data, "pid " + pid.get());
    }
  }

  private static ChrysalisException running(Path data, String how) {
    return new ChrysalisException(
        RedisErrors.SERVER_RUNNING,
        "a server runs on " + data + " (" + how + ")",
        "stop it and keep it stopped first");
  }

  private static boolean answers(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, PATIENCE_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static Optional<Long> recorded(Path file) {
    try {
      String text = Files.readString(file).strip();
      return text.matches("[1-9][0-9]{0,9}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean runsOn(long pid, Path data) {
    if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()) {
      return false;
    }
    try {
      Path cwd = Path.of("/proc", Long.toString(pid), "cwd");
      return Files.isSameFile(Files.readSymbolicLink(cwd), data);
    } catch (AccessDeniedException e) {
      return true;
    } catch (IOException e) {
      // A process that has just ended has no working directory any more.
      return false;
    }
  }
}
