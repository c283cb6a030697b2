package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.postgres.Lsn;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What the shipper says of each piece, so that questions about the newest moment need no WAL to be
/// read.
///
/// @param segmentBytes the cluster's segment size
/// @param version the server's major version
/// @param lastRecord where the newest record that is complete at the piece's end begins
/// @param nextRecord where the first record that is not complete begins
/// @param lastCommit where the newest commit record begins
/// @param commitAt the newest commit time seen so far
/// @param asOf a moment of the server's clock up to which everything committed is covered
record PieceFacts(
    long segmentBytes,
    int version,
    Optional<Lsn> lastRecord,
    Optional<Lsn> nextRecord,
    Optional<Lsn> lastCommit,
    Optional<Instant> commitAt,
    Optional<Instant> asOf) {

  static final long USUAL_SEGMENT = 16L << 20;

  Map<String, String> toMap() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("segment", Long.toString(segmentBytes));
    map.put("version", Integer.toString(version));
    lastRecord.ifPresent(lsn -> map.put("last", lsn.toString()));
    nextRecord.ifPresent(lsn -> map.put("next", lsn.toString()));
    lastCommit.ifPresent(lsn -> map.put("commit", lsn.toString()));
    commitAt.ifPresent(at -> map.put("commit-at", at.toString()));
    asOf.ifPresent(at -> map.put("as-of", at.toString()));
    return map;
  }

  static PieceFacts of(Map<String, String> map) {
    return new PieceFacts(
        number(map, "segment", USUAL_SEGMENT),
        (int) number(map, "version", 0),
        lsn(map, "last"),
        lsn(map, "next"),
        lsn(map, "commit"),
        time(map, "commit-at"),
        time(map, "as-of"));
  }

  private static long number(Map<String, String> map, String key, long otherwise) {
    try {
      return Long.parseLong(map.getOrDefault(key, ""));
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  private static Optional<Lsn> lsn(Map<String, String> map, String key) {
    try {
      return Optional.ofNullable(map.get(key)).map(Lsn::parse);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> time(Map<String, String> map, String key) {
    try {
      return Optional.ofNullable(map.get(key)).map(Instant::parse);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
