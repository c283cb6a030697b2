package dev.chrysalis.cassandra.agent.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chrysalis.platform.volume.CopyProgress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What rows of a table a client sees, by its SSTables.
///
/// @param expiring how many of them may be gone, or have fewer values, after some time
/// @param digest of all of them, whatever their order
record TableRows(long partitions, long rows, long expiring, String digest) {
  /// Has the loader read files.
  ///
  /// @param as which table
  static TableRows read(
      LoadProcess loader, TableName as, List<Path> folders, CopyProgress progress) {
    return of(
        loader.ask(
            Map.of(
                "do", "read",
                "keyspace", as.keyspace(),
                "table", as.table(),
                "folders", folders.stream().map(Path::toString).toList()),
            progress));
  }

  static TableRows of(JsonNode answer) {
    return new TableRows(
        answer.path("partitions").asLong(),
        answer.path("rows").asLong(),
        answer.path("expiring").asLong(),
        answer.path("digest").asText());
  }
}
