package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.cassandra.agent.files.NodeFolders;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the agent sees the node's folders: options, then variables, then the places that
/// Cassandra's own packages use.
final class FolderOptions {
  private static final String STORAGE = "/var/lib/cassandra";

  @Option(
      names = "--storage",
      paramLabel = "DIR",
      description = "the folder of all that follow (CASSANDRA_STORAGE; " + STORAGE + ")")
  private @Nullable Path storage;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      split = ",",
      description =
          "data_file_directories, in the server's order, with commas (CASSANDRA_DATA; data)")
  private @Nullable List<Path> data;

  @Option(
      names = "--commitlog",
      paramLabel = "DIR",
      description = "commitlog_directory (CASSANDRA_COMMITLOG; commitlog)")
  private @Nullable Path commitLog;

  @Option(
      names = "--hints",
      paramLabel = "DIR",
      description = "hints_directory (CASSANDRA_HINTS; hints)")
  private @Nullable Path hints;

  @Option(
      names = "--saved-caches",
      paramLabel = "DIR",
      description = "saved_caches_directory (CASSANDRA_SAVED_CACHES; saved_caches)")
  private @Nullable Path savedCaches;

  NodeFolders folders(AgentEnvironment environment) {
    NodeFolders usual =
        NodeFolders.below(
            storage != null
                ? storage
                : Path.of(environment.variable("CASSANDRA_STORAGE").orElse(STORAGE)));
    List<Path> tables =
        environment
            .variable("CASSANDRA_DATA")
            .map(text -> Arrays.stream(text.split(",")).map(Path::of).toList())
            .orElse(usual.data());
    return new NodeFolders(
        data != null ? data : tables,
        folder(commitLog, environment, "CASSANDRA_COMMITLOG").orElse(usual.commitLog()),
        folder(hints, environment, "CASSANDRA_HINTS").orElse(usual.hints()),
        folder(savedCaches, environment, "CASSANDRA_SAVED_CACHES").orElse(usual.savedCaches()));
  }

  private static Optional<Path> folder(
      @Nullable Path option, AgentEnvironment environment, String variable) {
    return Optional.ofNullable(option).or(() -> environment.variable(variable).map(Path::of));
  }
}
