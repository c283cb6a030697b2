package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.PasswordFile;
import dev.chrysalis.cassandra.agent.load.LoadProcess;
import dev.chrysalis.cassandra.agent.load.LoaderProgram;
import dev.chrysalis.cassandra.agent.load.TargetRing;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.ScratchFolder;
import java.io.IOException;
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

  @Option(names = "--cql-port", paramLabel = "PORT", description = "(9042)")
  private int port = CQL_PORT;

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

  @Option(
      names = "--server-java",
      paramLabel = "FILE",
      description = "the java that Cassandra runs on (CASSANDRA_JAVA; /opt/java/openjdk/bin/java)")
  private @Nullable Path java;

  @Option(
      names = "--server-libraries",
      paramLabel = "DIR",
      description = "the folder of Cassandra's jars (CASSANDRA_LIBRARIES; /opt/cassandra/lib)")
  private @Nullable Path libraries;

  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description =
          "where tables are put meanwhile: the largest, the logs and 1.5 GiB (in CHRYSALIS_SPOOL)")
  private @Nullable Path scratch;

  @Mixin private ConfigurationOptions configuration = new ConfigurationOptions();

  /// Does something with a loader that is connected, and a scratch folder; both are gone at the
  /// end.
  <T> T with(JobId job, AgentEnvironment environment, BiFunction<LoadProcess, Path, T> work) {
    LoaderProgram program = program(environment);
    Path parent =
        scratch != null ? scratch : Path.of(environment.required("CHRYSALIS_SPOOL", "--scratch"));
    try (ScratchFolder folder =
            ScratchFolder.make(parent.toAbsolutePath().normalize(), "load", job.toString());
        LoadProcess loader = LoadProcess.start(program, ring(environment), folder.folder())) {
      return work.apply(loader, folder.folder());
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of(
          "cannot use", parent, e, "give the agent a folder that it may write to: --scratch");
    }
  }

  private LoaderProgram program(AgentEnvironment environment) {
    return new LoaderProgram(
        chosen(java, environment, "CASSANDRA_JAVA", "/opt/java/openjdk/bin/java"),
        chosen(libraries, environment, "CASSANDRA_LIBRARIES", "/opt/cassandra/lib"));
  }

  private static Path chosen(
      @Nullable Path option, AgentEnvironment environment, String variable, String usual) {
    return option != null
        ? option
        : environment.variable(variable).map(Path::of).orElse(Path.of(usual));
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
          port,
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
