package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.redis.agent.keys.ScratchServer;
import dev.chrysalis.redis.agent.keys.ServerProgram;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a restore point is loaded, by a server of its own, beside the living data.
final class ScratchOptions {
  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description = "where the restore point is put meanwhile (in CHRYSALIS_SPOOL)")
  private @Nullable Path scratch;

  @Option(
      names = "--server-programs",
      paramLabel = "DIR",
      description = "the folder of redis-server (CHRYSALIS_SERVER_PROGRAMS; /usr/bin)")
  private @Nullable Path programs;

  /// A server that does not run yet; to be closed by the caller.
  ScratchServer server(AgentEnvironment environment, JobId job) {
    Path parent =
        scratch != null ? scratch : Path.of(environment.required("CHRYSALIS_SPOOL", "--scratch"));
    return ScratchServer.in(
        parent.toAbsolutePath().normalize(),
        job.toString(),
        new ServerProgram(program(environment)),
        new SecureRandom());
  }

  private Path program(AgentEnvironment environment) {
    return Optional.ofNullable(programs)
        .or(() -> environment.variable("CHRYSALIS_SERVER_PROGRAMS").map(Path::of))
        .orElse(Path.of("/usr/bin"))
        .resolve("redis-server");
  }
}
