package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.PasswordFile;
import dev.chrysalis.cassandra.agent.load.LoadProcess;
import dev.chrysalis.cassandra.agent.load.LoadSource;
import dev.chrysalis.cassandra.agent.load.LoaderProgram;
import dev.chrysalis.cassandra.agent.load.RingLoad;
import dev.chrysalis.cassandra.agent.load.TableName;
import dev.chrysalis.cassandra.agent.load.TargetRing;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.ScratchFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What is loaded, into which ring, and by what.
final class LoadOptions {
  private static final int CQL_PORT = 9042;

  @Option(
      names = "--keyspace",
      paramLabel = "KEYSPACE",
      description = "only this one (all that are not the server's own)")
  private @Nullable String keyspace;

  @Option(
      names = "--table",
      paramLabel = "KEYSPACE.TABLE",
      description = "only this table (all of the keyspace)")
  private @Nullable String table;

  @Option(
      names = "--into",
      paramLabel = "KEYSPACE",
      description = "beside the living one: a keyspace that is made for it (its own)")
  private @Nullable String into;

  @Option(
      names = "--roles",
      description = "roles and what they may do, too: only into a ring that has none of its own")
  private boolean roles;

  @Option(
      names = "--again",
      description = "go on with a load that was interrupted: the tables may have rows")
  private boolean again;

  @Option(
      names = "--datacenter",
      paramLabel = "OLD=NEW",
      description = "what a datacenter is called in the new ring; may be repeated")
  private Map<String, String> datacenters = Map.of();

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
      description = "where tables are put meanwhile: the largest and 1.5 GiB (in CHRYSALIS_SPOOL)")
  private @Nullable Path scratch;

  @Mixin private ConfigurationOptions configuration = new ConfigurationOptions();

  /// What was asked for; `BAD_COMMAND` where that does not fit.
  RingLoad.Request request() {
    try {
      Optional<TableName> one = Optional.ofNullable(table).map(TableName::parse);
      Optional<String> in = one.map(TableName::keyspace).or(() -> Optional.ofNullable(keyspace));
      if (keyspace != null && !in.equals(Optional.of(keyspace))) {
        throw new IllegalArgumentException(table + " is not in " + keyspace);
      }
      if (into != null && !TableName.isName(into)) {
        throw new IllegalArgumentException("not a keyspace: " + into);
      }
      return new RingLoad.Request(
          in, one.map(TableName::table), Optional.ofNullable(into), roles, again, datacenters);
    } catch (IllegalArgumentException e) {
      throw bad(e);
    }
  }

  private static ChrysalisException bad(IllegalArgumentException e) {
    return new ChrysalisException(
        AgentErrors.BAD_COMMAND,
        String.valueOf(e.getMessage()),
        "as in --table shop.orders --into shop_before; see agent cassandra load --help",
        e);
  }

  /// Loads it, in a scratch folder that is removed at the end.
  RingLoad.Loaded load(LoadSource source, JobId job, AgentEnvironment environment, Report report) {
    RingLoad.Request request = request();
    LoaderProgram program = program(environment);
    Path parent =
        scratch != null ? scratch : Path.of(environment.required("CHRYSALIS_SPOOL", "--scratch"));
    try (ScratchFolder folder =
            ScratchFolder.make(parent.toAbsolutePath().normalize(), "load", job.toString());
        LoadProcess loader = LoadProcess.start(program, ring(environment), folder.folder())) {
      return new RingLoad(loader, folder.folder(), new ReportedCopy(report)).run(source, request);
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
      throw bad(e);
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

  /// What a load came to, as a result.
  static Map<String, String> result(RingLoad.Loaded loaded) {
    return Map.of(
        "tables", Integer.toString(loaded.tables()),
        "partitions", Long.toString(loaded.partitions()),
        "rows", Long.toString(loaded.rows()),
        "bytes", Long.toString(loaded.bytes()),
        "sent", Long.toString(loaded.sent()));
  }
}
