package dev.chrysalis.redis.agent.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.redis.agent.files.RedisVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The program of a Redis server.
///
/// @param file `redis-server`
public record ServerProgram(Path file) {
  private static final Pattern VERSION = Pattern.compile(" v=(\\d+\\.\\d+[0-9.]*)");
  private static final int LONGEST_VERSION = 500;

  /// Of util-linux, which has the option since 2018.
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

  /// The highest value that the kernel takes.
  private static final String KILLED_FIRST = "1000";

  /// Its release; `NO_SERVER_PROGRAMS` where it does not start.
  RedisVersion version() {
    String said = "it is not there";
    try {
      if (Files.isExecutable(file)) {
        Process asked =
            new ProcessBuilder(file.toString(), "--version").redirectErrorStream(true).start();
        asked.getOutputStream().close();
        said = new String(asked.getInputStream().readNBytes(LONGEST_VERSION), UTF_8).strip();
      }
    } catch (IOException e) {
      said = String.valueOf(e.getMessage());
    }
    Matcher m = VERSION.matcher(said);
    String why = said;
    return (m.find() ? RedisVersion.of(m.group(1)) : java.util.Optional.<RedisVersion>empty())
        .orElseThrow(() ->
            new ChrysalisException(
                RedisErrors.NO_SERVER_PROGRAMS,
                "the program " + file + " does not say its version: " + why,
                "run the agent where the server's image is, or name the folder:"
                    + " --server-programs, CHRYSALIS_SERVER_PROGRAMS"));
  }

  /// Starts a server that ends with the thread that started it, however that ends, and before any
  /// other process where memory runs out.
  Process start(Path configuration, Path log) throws IOException {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(SETPRIV)) {
      command.addAll(List.of(SETPRIV.toString(), "--pdeathsig=KILL"));
    }
    command.addAll(List.of(file.toString(), configuration.toString()));
    Process started =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    offerToTheKernel(started);
    return started;
  }

  /// It needs the memory of all of the data beside a living server, which must not be killed for
  /// it.
  private static void offerToTheKernel(Process started) {
    try {
      Files.writeString(
          Path.of("/proc", Long.toString(started.pid()), "oom_score_adj"), KILLED_FIRST);
    } catch (IOException e) {
      // It has ended already, or this is not Linux: then the kernel chooses as it always does.
    }
  }
}
