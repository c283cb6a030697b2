package dev.chrysalis.postgres.agent.dump;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.postgres.PostgresErrors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Starts programs as the owner of the volume, since PostgreSQL's refuse to run as root, and so
/// that they end with this process, however that ends: a server that was left over would hold the
/// volume.
///
/// @param prefix what a command begins with
/// @param directory where they run
record Programs(PrivateFiles owner, Path directory, List<String> prefix) {
  private static final int TAIL = 4_000;
  private static final Set<String> KEPT = Set.of("PATH", "TZ", "HOME");

  /// Of util-linux, which has the option since 2018.
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

  static Programs of(PrivateFiles owner, Path directory) throws IOException {
    boolean root = PrivateFiles.like(Path.of("/proc/self").toRealPath()).uid() == 0;
    if (root && owner.uid() == 0) {
      throw new ChrysalisException(
          PostgresErrors.BAD_SETTING,
          "the volume belongs to root, as whom PostgreSQL does not run: " + directory,
          "give the member's volume to the server's user");
    }
    if (root && !Files.isExecutable(SETPRIV)) {
      throw new ChrysalisException(
          PostgresErrors.NO_SERVER_PROGRAMS,
          "as root the agent needs " + SETPRIV + " to run PostgreSQL as the volume's owner",
          "install util-linux, or run the agent as the server's user");
    }
    List<String> prefix = new ArrayList<>();
    if (root || Files.isExecutable(SETPRIV)) {
      // To a server the signal to end at once, with its backends.
      prefix.addAll(List.of(SETPRIV.toString(), "--pdeathsig=QUIT"));
    }
    if (root) {
      prefix.addAll(List.of("--reuid=" + owner.uid(), "--regid=" + owner.gid(), "--clear-groups"));
    }
    return new Programs(owner, directory, prefix);
  }

  /// Starts a program. It ends with the thread that started it, which must be one of the platform.
  Started start(List<String> command) throws IOException {
    List<String> whole = new ArrayList<>(prefix);
    whole.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(whole)
            .directory(directory.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    // A dump's SQL can make the server run programs: they find none of the agent's secrets.
    builder.environment().keySet().retainAll(KEPT);
    builder.environment().put("LC_ALL", "C");
    return new Started(builder.start());
  }

  /// Runs a program to its end; `DUMP_FAILED` where it ends with anything but 0.
  void run(List<String> command) throws IOException {
    try (Started started = start(command)) {
      started.process().getOutputStream().close();
      int code = started.await();
      if (code != 0) {
        throw new ChrysalisException(
            PostgresErrors.DUMP_FAILED,
            "%s ended with %d: %s".formatted(command.getFirst(), code, started.said()),
            "nothing of the old data was touched; clear what it complains of and resume");
      }
    }
  }

  /// Kills a program and what it has started: backends outlive a server that is killed alone.
  static void kill(ProcessHandle program) {
    List<ProcessHandle> started = program.descendants().toList();
    program.destroyForcibly();
    started.forEach(ProcessHandle::destroyForcibly);
  }

  /// A running program, and the end of what it says on standard error. Closing it kills it and what
  /// it has started, should it still run.
  static final class Started implements AutoCloseable {
    private final Process process;
    private final Thread listener;
    private final StringBuilder said = new StringBuilder();

    Started(Process process) {
      this.process = process;
      this.listener = Thread.startVirtualThread(this::listen);
    }

    Process process() {
      return process;
    }

    private void listen() {
      byte[] buffer = new byte[TAIL];
      try (InputStream errors = process.getErrorStream()) {
        for (int got = errors.read(buffer); got >= 0; got = errors.read(buffer)) {
          keep(new String(buffer, 0, got, UTF_8));
        }
      } catch (IOException _) {
        // The program was killed; what it said until then is kept.
      }
    }

    /// Waits for its end; its exit code.
    int await() {
      try {
        int code = process.waitFor();
        listener.join();
        return code;
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
        throw new ChrysalisException(
            PostgresErrors.INTERRUPTED, "interrupted while a program ran", "run it again", e);
      }
    }

    private synchronized void keep(String text) {
      said.append(text);
      said.delete(0, Math.max(0, said.length() - TAIL));
    }

    synchronized String said() {
      return said.toString().strip();
    }

    @Override
    public void close() {
      kill(process.toHandle());
    }
  }
}
