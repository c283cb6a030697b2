package dev.chrysalis.postgres.agent.dump;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.files.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts programs as the owner of the volume, since PostgreSQL's refuse to run as root, and so
/// that they end with this process, however that ends: a server that was left over would hold the
/// volume.
///
/// @param prefix what a command begins with
/// @param directory where they run
record Programs(PrivateFiles owner, Path directory, List<String> prefix) {
  private static final int TAIL = 4_000;

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
    List<String> prefix = new ArrayList<>();
    if (root || Files.isExecutable(SETPRIV)) {
      prefix.addAll(List.of(SETPRIV.toString(), "--pdeathsig=KILL"));
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
    // What libpq and the server's programs would take from there belongs to another server.
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
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

  /// A running program, and the end of what it says on standard error. Closing it kills it, should
  /// it still run.
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
      process.destroyForcibly();
    }
  }
}
