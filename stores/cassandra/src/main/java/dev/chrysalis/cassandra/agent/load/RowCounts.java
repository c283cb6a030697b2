package dev.chrysalis.cassandra.agent.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.CopyProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// Counts rows of the ring, as a client sees them, and keeps what is not as it should be until
/// everything is loaded: one table that cannot be counted must not keep the others away. For one
/// thread.
final class RowCounts {
  private final LoadProcess loader;
  private final CopyProgress progress;
  private final List<String> differences = new ArrayList<>();

  RowCounts(LoadProcess loader, CopyProgress progress) {
    this.loader = loader;
    this.progress = progress;
  }

  boolean isEmpty(TableName name) {
    return atMost(name, 0);
  }

  /// Whether it has no more than so many rows. `LOADER_FAILED` where that is not known.
  boolean atMost(TableName name, long most) {
    OptionalLong rows = count(name, "QUORUM", most + 1);
    if (rows.isEmpty()) {
      throw new ChrysalisException(
          CassandraErrors.LOADER_FAILED,
          "whether %s has rows is not known: nodes that should have some do not answer"
              .formatted(name),
          "nothing was touched; bring all nodes of the ring up first");
    }
    return rows.getAsLong() <= most;
  }

  /// Compares what was streamed with what clients see. Reads at ALL ask every replica.
  ///
  /// @param expiring how many of the rows may be gone by now
  /// @param exact whether nothing else can be in the table
  void compare(TableName name, long rows, long expiring, boolean exact) {
    for (String consistency : List.of("QUORUM", "ALL")) {
      try {
        OptionalLong found = count(name, consistency, 0);
        if (found.isEmpty()) {
          progress.note(
              "%s: not counted at %s, the ring has too few nodes up".formatted(name, consistency));
        } else if (found.getAsLong() < rows - expiring || (exact && found.getAsLong() > rows)) {
          differences.add(
              "%s has %d rows at %s, and %d were loaded"
                  .formatted(name, found.getAsLong(), consistency, rows));
        }
      } catch (ChrysalisException e) {
        if (!e.code().equals(CassandraErrors.LOADER_FAILED)) {
          throw e;
        }
        differences.add(String.valueOf(e.getMessage()));
      }
    }
  }

  /// `ROWS_DIFFER` where anything was not as it should be.
  void requireAlike() {
    if (!differences.isEmpty()) {
      throw new ChrysalisException(
          CassandraErrors.ROWS_DIFFER,
          "everything was loaded, but " + String.join("; ", differences),
          "does anybody write to these tables? else load them again: --again");
    }
  }

  private OptionalLong count(TableName table, String consistency, long most) {
    JsonNode answer =
        loader.ask(
            Map.of(
                "do",
                "count",
                "keyspace",
                table.keyspace(),
                "table",
                table.table(),
                "consistency",
                consistency,
                "most",
                most),
            progress);
    return answer.has("rows")
        ? OptionalLong.of(answer.path("rows").asLong())
        : OptionalLong.empty();
  }
}
