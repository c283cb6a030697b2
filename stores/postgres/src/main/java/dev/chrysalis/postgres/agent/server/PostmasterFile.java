package dev.chrysalis.postgres.agent.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;

/// `postmaster.pid`: whether a server runs on a data directory.
///
/// A pid means something only inside one process namespace. Where the agent cannot see the server's
/// processes (another container without a shared namespace), the platform must know that the server
/// is off; this check then finds nothing.
public final class PostmasterFile {
  /// Its name in the data directory.
  public static final String NAME = "postmaster.pid";

  private PostmasterFile() {}

  /// The pid of the server that runs on this data directory; empty where none does. A file that a
  /// killed server left behind does not count, nor does another process that got its pid: the
  /// process must have the data directory as its working directory, as every server has.
  public static OptionalLong runningPid(Path dataDirectory) throws IOException {
    OptionalLong pid = recordedPid(dataDirectory);
    if (pid.isEmpty() || !runsOn(pid.getAsLong(), dataDirectory)) {
      return OptionalLong.empty();
    }
    return pid;
  }

  /// Whether the server that wrote it was told to stop. It says so in the eighth line
  /// (`LOCK_FILE_LINE_PM_STATUS`).
  static boolean isStopping(Path dataDirectory) {
    try (var lines = Files.lines(dataDirectory.resolve(NAME))) {
      return lines.skip(7).findFirst().filter(line -> line.strip().equals("stopping")).isPresent();
    } catch (IOException | UncheckedIOException e) {
      // It has gone, or is not to be read: nobody says so.
      return false;
    }
  }

  private static OptionalLong recordedPid(Path dataDirectory) throws IOException {
    try (var lines = Files.lines(dataDirectory.resolve(NAME))) {
      // A standalone backend records its pid negated.
      return lines
          .findFirst()
          .map(String::strip)
          .filter(line -> line.matches("-?[1-9][0-9]{0,9}"))
          .map(line -> OptionalLong.of(Math.abs(Long.parseLong(line))))
          .orElse(OptionalLong.empty());
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
  }

  private static boolean runsOn(long pid, Path dataDirectory) throws IOException {
    boolean alive = ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    if (!alive || !Files.isDirectory(Path.of("/proc/self"))) {
      return alive;
    }
    try {
      Path cwd = Path.of("/proc", Long.toString(pid), "cwd");
      return Files.isSameFile(Files.readSymbolicLink(cwd), dataDirectory);
    } catch (AccessDeniedException e) {
      return true;
    } catch (IOException e) {
      // A process that has just ended, or a zombie, has no working directory any more.
      return false;
    }
  }
}
