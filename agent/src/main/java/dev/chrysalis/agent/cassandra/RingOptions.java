package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.cassandra.PasswordFile;
import dev.chrysalis.cassandra.agent.load.LoadProcess;
import dev.chrysalis.cassandra.agent.load.TargetRing;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobId;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Which ring the bulk loader works on, and what it runs from.
final class RingOptions {
  private static final int CQL_PORT = 9042;

  @Option(
      names = "--contact",
      paramLabel = "HOST",
      split = ",",
      description = "addresses of nodes of the ring (CASSANDRA_CQL_HOSTS; localhost)")
  private List<String> contacts = List.of();

  @Option(names = "--cql-port", paramLabel = "PORT", description = "(CASSANDRA_CQL_PORT, 9042)")
  private @Nullable Integer port;

  @Option(
      names = "--cql-user",
      paramLabel = "USER",
      description = "who may make keyspaces and tables (CASSANDRA_CQL_USER)")
  private @Nullable String user;

  @Option(
      names = "--cql-password-file",
      paramLabel = "FILE",
      description = "file whose first line is that password (CASSANDRA_CQL_PASSWORD_FILE)")
  private @Nullable Path passwordFile;

  @Option(
      names = "--throttle",
      paramLabel = "MIB",
      description = "how many MiB a second to stream (as fast as it goes)")
  private int mebibytesPerSecond;

  @Mixin private LoaderOptions loader = new LoaderOptions();
  @Mixin private ConfigurationOptions configuration = new ConfigurationOptions();

  /// Where the server's configuration lies.
  ConfigurationOptions configuration() {
    return configuration;
  }

  /// Does something with a loader that is connected, and a scratch folder; both are gone at the
  /// end.
  <T> T with(JobId job, AgentEnvironment environment, BiFunction<LoadProcess, Path, T> work) {
    return loader.with(
        job,
        environment,
        (program, folder) -> LoadProcess.start(program, ring(environment), folder),
        work);
  }

  private TargetRing ring(AgentEnvironment environment) {
    List<String> hosts =
        contacts.isEmpty()
            ? Arrays.asList(
                environment.variable("CASSANDRA_CQL_HOSTS").orElse("localhost").split(",", -1))
            : contacts;
    try {
      return new TargetRing(
          hosts.stream().map(String::strip).toList(),
          port(environment),
          configuration.folderIfSet(environment).map(folder -> folder.resolve("cassandra.yaml")),
          login(environment),
          mebibytesPerSecond);
    } catch (IllegalArgumentException e) {
      throw new ChrysalisException(
          AgentErrors.BAD_COMMAND,
          String.valueOf(e.getMessage()),
          "give --contact, --cql-port and --throttle something that fits",
          e);
    }
  }

  private int port(AgentEnvironment environment) {
    return port != null
        ? port
        : environment
            .variable("CASSANDRA_CQL_PORT")
            // One that is no number is no port either.
            .map(text -> text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0)
            .orElse(CQL_PORT);
  }

  private Optional<TargetRing.Login> login(AgentEnvironment environment) {
    Optional<String> who =
        Optional.ofNullable(user).or(() -> environment.variable("CASSANDRA_CQL_USER"));
    Optional<Path> file =
        Optional.ofNullable(passwordFile)
            .or(() -> environment.variable("CASSANDRA_CQL_PASSWORD_FILE").map(Path::of));
    if (who.isPresent() != file.isPresent()) {
      throw new ChrysalisException(
          AgentErrors.MISSING_SETTING,
          "a user of CQL and a password belong together",
          "give --cql-user and --cql-password-file, or set CASSANDRA_CQL_USER and"
              + " CASSANDRA_CQL_PASSWORD_FILE");
    }
    return who.map(name -> new TargetRing.Login(name, PasswordFile.read(file.orElseThrow())));
  }
}
