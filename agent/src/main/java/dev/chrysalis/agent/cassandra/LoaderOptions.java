package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.agent.load.LoadProcess;
import dev.chrysalis.cassandra.agent.load.LoaderProgram;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.ScratchFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What the bulk loader runs from, and where it puts files.
final class LoaderOptions {
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

  /// Does something with a loader, and a scratch folder; both are gone at the end.
  ///
  /// @param started starts it, with that folder for what it says
  <T> T with(
      JobId job,
      AgentEnvironment environment,
      BiFunction<LoaderProgram, Path, LoadProcess> started,
      BiFunction<LoadProcess, Path, T> work) {
    LoaderProgram program = program(environment);
    Path parent =
        scratch != null ? scratch : Path.of(environment.required("CHRYSALIS_SPOOL", "--scratch"));
    try (ScratchFolder folder =
            ScratchFolder.make(parent.toAbsolutePath().normalize(), "load", job.toString());
        LoadProcess loader = started.apply(program, folder.folder())) {
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
}
