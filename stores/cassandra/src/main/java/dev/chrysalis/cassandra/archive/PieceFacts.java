package dev.chrysalis.cassandra.archive;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.LogPiece;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/// What the shipper says of each piece of a node's log. A piece takes one position and holds a
/// stretch of one segment, from one sync marker to another; an empty one says that nothing was
/// written.
///
/// @param from where the stretch begins in the segment's file
/// @param to where it ends
/// @param asOf a moment by which all that the server had synced is in this piece or before it
/// @param life of the node's data: another one after a restore, or on a fresh volume
/// @param schema what was last seen of the node's tables when it was sealed
public record PieceFacts(
    SegmentName segment, long from, long to, Instant asOf, String life, SchemaSeen schema) {
  public PieceFacts {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("a backward stretch: " + from + " to " + to);
    }
  }

  public Map<String, String> toMap() {
    Map<String, String> map = new TreeMap<>();
    map.put("segment", segment.toString());
    map.put("from", Long.toString(from));
    map.put("to", Long.toString(to));
    map.put("as-of", asOf.toString());
    map.put("life", life);
    schema.put(map);
    return map;
  }

  /// Reads a piece's facts. `NO_RESTORE_POINT` where they are not those of a commit log.
  public static PieceFacts of(LogPiece piece) {
    Map<String, String> map = piece.facts();
    try {
      return new PieceFacts(
          SegmentName.parse(map.getOrDefault("segment", ""))
              .orElseThrow(IllegalArgumentException::new),
          Long.parseLong(map.getOrDefault("from", "")),
          Long.parseLong(map.getOrDefault("to", "")),
          Instant.parse(map.getOrDefault("as-of", "")),
          map.getOrDefault("life", ""),
          SchemaSeen.in(map));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new ChrysalisException(
          CassandraErrors.NO_RESTORE_POINT,
          "the piece at " + piece.from() + " is not one of a commit log",
          "choose another restore point",
          e);
    }
  }
}
