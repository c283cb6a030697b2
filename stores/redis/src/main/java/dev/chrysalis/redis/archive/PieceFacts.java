package dev.chrysalis.redis.archive;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What the shipper says of each piece of a log, so that moments need no bytes to be read and a
/// shipper that begins again knows where it was.
///
/// @param boundary the last position at or before the piece's end that lies between two commands
///   and outside MULTI … EXEC
/// @param asOf a moment by which all bytes up to the piece's end were in the file
/// @param since the last moment at which nothing of the piece was in the file yet, where known
/// @param until the last moment at which nothing behind the piece's end was in the file, where
///   known
/// @param file the name of the file that holds the piece's end
/// @param inode of that file
/// @param offset in that file, of the piece's end
/// @param tail the hash of the last bytes before that offset
public record PieceFacts(
    long boundary,
    Instant asOf,
    Optional<Instant> since,
    Optional<Instant> until,
    String file,
    String inode,
    long offset,
    String tail) {
  public Map<String, String> toMap() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("boundary", Long.toString(boundary));
    map.put("as-of", asOf.toString());
    since.ifPresent(at -> map.put("since", at.toString()));
    until.ifPresent(at -> map.put("until", at.toString()));
    map.put("file", file);
    map.put("inode", inode);
    map.put("offset", Long.toString(offset));
    map.put("tail", tail);
    return map;
  }

  /// Reads a piece's facts; empty where they are not a shipper's.
  public static Optional<PieceFacts> of(Map<String, String> map) {
    try {
      return Optional.of(
          new PieceFacts(
              Long.parseLong(map.getOrDefault("boundary", "")),
              Instant.parse(map.getOrDefault("as-of", "")),
              Optional.ofNullable(map.get("since")).map(Instant::parse),
              Optional.ofNullable(map.get("until")).map(Instant::parse),
              map.getOrDefault("file", ""),
              map.getOrDefault("inode", ""),
              Long.parseLong(map.getOrDefault("offset", "")),
              map.getOrDefault("tail", "")));
    } catch (NumberFormatException | DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
