package dev.chrysalis.cassandra.archive;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;

/// What a shipper had last seen of its node's tables when it sealed a piece of the log. A log alone
/// does not bring a node over a change of them: the server passes over what was written into a
/// table that it does not know yet, and brings back what was truncated.
///
/// @param at when it looked; `Instant.EPOCH` where it has never seen anything
/// @param version of the schema; empty where it has never seen any
/// @param truncated when a table was truncated last; `Instant.EPOCH` where none was seen
public record SchemaSeen(Instant at, String version, Instant truncated) {
  public static final SchemaSeen NOTHING = new SchemaSeen(Instant.EPOCH, "", Instant.EPOCH);

  /// Whether a snapshot is of before a change that is seen here: what is written from then on is
  /// not safe before there is another one.
  public boolean outdates(NodeFacts snapshot) {
    return (!version.isEmpty() && !version.equals(snapshot.schemaVersion()))
        || truncated.isAfter(snapshot.taken());
  }

  void put(Map<String, String> map) {
    if (!version.isEmpty()) {
      map.put("schema", version);
      map.put("schema-seen", at.toString());
    }
    if (truncated.isAfter(Instant.EPOCH)) {
      map.put("truncated", truncated.toString());
    }
  }

  /// Throws `DateTimeException` where a moment is none.
  static SchemaSeen in(Map<String, String> map) throws DateTimeException {
    return new SchemaSeen(
        Instant.parse(map.getOrDefault("schema-seen", Instant.EPOCH.toString())),
        map.getOrDefault("schema", ""),
        Instant.parse(map.getOrDefault("truncated", Instant.EPOCH.toString())));
  }
}
