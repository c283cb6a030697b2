package dev.chrysalis.cassandra.agent.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.CopyProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads rows of the ring, as a client sees them, and keeps what is not as it should be until
/// everything is loaded: one table that cannot be read must not keep the others away. For one
/// thread.
final class RowCounts {
  private final LoadProcess loader;
  private final CopyProgress progress;
  private final List<String> differences = new ArrayList<>();
  private final List<String> unread = new ArrayList<>();

  RowCounts(LoadProcess loader, CopyProgress progress) {
    this.loader = loader;
    this.progress = progress;
  }

  boolean isEmpty(TableName name) {
    return atMost(name, 0);
  }

  /// Whether it has no more than so many rows. `LOADER_FAILED` where that is not known.
  boolean atMost(TableName name, long most) {
    JsonNode found = ask(name, "QUORUM", most + 1);
    if (found.has("forbidden")) {
      throw new ChrysalisException(
          CassandraErrors.LOADER_FAILED,
          "whether %s has rows is not known: %s".formatted(name, found.path("forbidden").asText()),
          "nothing was touched; log in as somebody who may read it");
    }
    if (!found.has("rows")) {
      throw new ChrysalisException(
          CassandraErrors.LOADER_FAILED,
          "whether %s has rows is not known: nodes that should have some do not answer"
              .formatted(name),
          "nothing was touched; bring all nodes of the ring up first");
    }
    return found.path("rows").asLong() <= most;
  }

  /// Compares what SSTables have with what clients see: counts and digests of all rows. Reads at
  /// ALL ask every replica, and make alike what differs: they come first.
  ///
  /// @param exact whether nothing else can be in the table
  void compare(TableName name, TableRows wanted, boolean exact) {
    for (String consistency : List.of("ALL", "QUORUM")) {
      try {
        compare(name, wanted, exact, consistency);
      } catch (ChrysalisException e) {
        if (!e.code().equals(CassandraErrors.LOADER_FAILED)) {
          throw e;
        }
        unread.add(String.valueOf(e.getMessage()));
      }
    }
  }

  private void compare(TableName name, TableRows wanted, boolean exact, String consistency) {
    JsonNode found = ask(name, consistency, 0);
    if (!found.has("rows")) {
      notRead(name, found, consistency);
      return;
    }
    long rows = found.path("rows").asLong();
    if (rows < wanted.rows() - wanted.expiring() || (exact && rows > wanted.rows())) {
      differences.add(
          "%s has %d rows at %s, not %d".formatted(name, rows, consistency, wanted.rows()));
    } else if (exact
        && wanted.expiring() == 0
        && !found.path("digest").asText().equals(wanted.digest())) {
      differences.add("rows of %s have other values at %s".formatted(name, consistency));
    }
  }

  private void notRead(TableName name, JsonNode found, String consistency) {
    boolean forbidden = found.has("forbidden");
    String why = forbidden ? found.path("forbidden").asText() : "the ring has too few nodes up";
    String unable = "%s: not read at %s, %s".formatted(name, consistency, why);
    progress.note(unable);
    // The login that loads roles may be nobody there once they have come. Without one node nobody
    // reads at ALL, and clients serve on.
    if (forbidden ? !name.isOfRoles() : consistency.equals("QUORUM")) {
      unread.add(unable);
    }
  }

  /// `ROWS_DIFFER` where anything was not as it should be, `NOT_COMPARED` where something could not
  /// be read.
  void requireAlike() {
    requireNoDifference();
    if (!unread.isEmpty()) {
      throw new ChrysalisException(
          CassandraErrors.NOT_COMPARED,
          String.join("; ", unread),
          "everything is there, as far as it was read; compare again: agent cassandra compare");
    }
  }

  /// The first half of that.
  void requireNoDifference() {
    if (!differences.isEmpty()) {
      throw new ChrysalisException(
          CassandraErrors.ROWS_DIFFER,
          String.join("; ", differences),
          "everything else is there; does anybody write to these tables? where a load was cut off,"
              + " go on with it: load --again");
    }
  }

  private JsonNode ask(TableName table, String consistency, long most) {
    return loader.ask(
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
  }
}
