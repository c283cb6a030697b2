package dev.chrysalis.redis.archive;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.RedisErrors;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a base says of itself, kept as its snapshot's facts under the names of these components. A
/// base is the whole keyspace at one moment: an RDB file, or the beginning of an append-only file.
///
/// @param member from which member it was taken
/// @param version of the server: `7.0.15`
/// @param format what the file `base` of the snapshot is
/// @param appendOnly whether the server wrote an append-only file
/// @param log the stream of the log that goes on behind the base (`LogName.stream`); empty where
///   there is none: the base stands alone
/// @param position the position of that log at which the base stands; else 0
/// @param need up to which position the log belongs to the base: without it the base's file is of a
///   moment before `at`; `position` where the file alone is enough
/// @param at the moment that the base stands for, by the agent's clock
/// @param keys how many keys it holds, all databases together; -1 where that is not known
/// @param replicationId the server's `master_replid` then
/// @param replicationOffset its `master_repl_offset` then
/// @param followed its `master_replid2` then: whose replica it was before it led; empty where it
///   has led since its start, or does not know any more
/// @param beganEmpty whether the server is known to have been started without any key
public record BaseFacts(
    MemberId member,
    String version,
    Format format,
    boolean appendOnly,
    Optional<String> log,
    long position,
    long need,
    Instant at,
    long keys,
    String replicationId,
    long replicationOffset,
    String followed,
    boolean beganEmpty) {
  /// What a base's file is.
  public enum Format {
    RDB,
    /// Commands, as a server writes them with `aof-use-rdb-preamble no`.
    AOF
  }

  /// The name of the base's file in its snapshot.
  public static final String FILE = "base";

  /// A base of a server of which it is not known that it began empty.
  public BaseFacts(
      MemberId member,
      String version,
      Format format,
      boolean appendOnly,
      Optional<String> log,
      long position,
      long need,
      Instant at,
      long keys,
      String replicationId,
      long replicationOffset,
      String followed) {
    this(
        member,
        version,
        format,
        appendOnly,
        log,
        position,
        need,
        at,
        keys,
        replicationId,
        replicationOffset,
        followed,
        false);
  }

  /// The same base, of a server that was started without any key.
  public BaseFacts ofEmptyStart() {
    return new BaseFacts(
        member,
        version,
        format,
        appendOnly,
        log,
        position,
        need,
        at,
        keys,
        replicationId,
        replicationOffset,
        followed,
        true);
  }

  public Map<String, String> toMap() {
    Map<String, String> map = new TreeMap<>();
    map.put("member", member.toString());
    map.put("version", version);
    map.put("format", format.name().toLowerCase(Locale.ROOT));
    map.put("appendOnly", Boolean.toString(appendOnly));
    map.put("log", log.orElse(""));
    map.put("position", Long.toString(position));
    map.put("need", Long.toString(need));
    map.put("at", at.toString());
    map.put("keys", Long.toString(keys));
    map.put("replicationId", replicationId);
    map.put("replicationOffset", Long.toString(replicationOffset));
    map.put("followed", followed);
    map.put("beganEmpty", Boolean.toString(beganEmpty));
    return map;
  }

  /// Reads a snapshot's facts. `NO_RESTORE_POINT` where they are not those of a base.
  public static BaseFacts fromMap(Map<String, String> map) {
    try {
      String log = of(map, "log");
      return new BaseFacts(
          MemberId.parse(of(map, "member")),
          of(map, "version"),
          Format.valueOf(of(map, "format").toUpperCase(Locale.ROOT)),
          Boolean.parseBoolean(of(map, "appendOnly")),
          log.isEmpty() ? Optional.empty() : Optional.of(log),
          Long.parseLong(of(map, "position")),
          Long.parseLong(map.getOrDefault("need", of(map, "position"))),
          Instant.parse(of(map, "at")),
          Long.parseLong(of(map, "keys")),
          of(map, "replicationId"),
          Long.parseLong(of(map, "replicationOffset")),
          map.getOrDefault("followed", ""),
          Boolean.parseBoolean(map.getOrDefault("beganEmpty", "false")));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new ChrysalisException(
          RedisErrors.NO_RESTORE_POINT,
          "the snapshot's facts are not those of a Redis base: " + e.getMessage(),
          "choose another snapshot",
          e);
    }
  }

  private static String of(Map<String, String> map, String key) {
    String value = map.get(key);
    if (value == null) {
      throw new IllegalArgumentException("there is no " + key);
    }
    return value;
  }
}
