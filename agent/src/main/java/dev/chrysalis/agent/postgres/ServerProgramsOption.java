package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.postgres.agent.dump.ServerPrograms;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the server's programs are.
final class ServerProgramsOption {
  @Option(
      names = "--server-programs",
      paramLabel = "DIR",
      description =
          "the folder of initdb, postgres and psql (CHRYSALIS_SERVER_PROGRAMS; where the path has"
              + " initdb)")
  private @Nullable Path folder;

  ServerPrograms of(AgentEnvironment environment) {
    List<Path> path =
        environment.variable("PATH").stream()
            .flatMap(all -> Arrays.stream(all.split(File.pathSeparator, -1)))
            .filter(name -> !name.isEmpty())
            .map(Path::of)
            .toList();
    Path where =
        Optional.ofNullable(folder)
            .or(() -> environment.variable("CHRYSALIS_SERVER_PROGRAMS").map(Path::of))
            .or(() ->
                path.stream().filter(p -> Files.isExecutable(p.resolve("initdb"))).findFirst())
            .orElse(Path.of("/usr/bin"));
    return new ServerPrograms(where, path);
  }
}
