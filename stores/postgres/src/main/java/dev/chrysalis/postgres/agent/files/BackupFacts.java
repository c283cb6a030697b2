package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.server.ServerState;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What a base backup says of itself, kept as its snapshot's facts under the names of these
/// components (`role` in small letters; `collation.libc`, `collation.icu`; `extension.pg_trgm`;
/// `firstDamaged` as `base/5/1259:12,…`).
///
/// @param systemIdentifier the cluster's
/// @param startTimeline the timeline of `startLsn`
/// @param startLsn from where WAL is needed
/// @param timeline the timeline of `stopLsn`
/// @param stopLsn up to where WAL is needed before the restored server is consistent: the first
///   position that can be chosen
/// @param stoppedAt when that was, by the server's clock
/// @param version `server_version_num`
/// @param pageChecksums whether pages carry checksums, which the backup then verified
/// @param member from which member it was taken
/// @param role what that member was
/// @param label the name given to the server
/// @param collations versions of the collation libraries; where a restored server has others, its
///   text indexes are to be rebuilt
/// @param extensions the extensions of all databases, with their versions: a server that lacks
///   their files starts, and cannot use them
/// @param damagedPages how many pages failed their checksum
/// @param firstDamaged the first few of those
public record BackupFacts(
    String systemIdentifier,
    int startTimeline,
    Lsn startLsn,
    int timeline,
    Lsn stopLsn,
    Instant stoppedAt,
    int version,
    int segmentBytes,
    boolean pageChecksums,
    MemberId member,
    ServerState.Role role,
    String label,
    Map<String, String> collations,
    Map<String, String> extensions,
    long damagedPages,
    List<String> firstDamaged) {
  private static final String COLLATION = "collation.";
  private static final String EXTENSION = "extension.";

  public BackupFacts {
    collations = Map.copyOf(collations);
    extensions = Map.copyOf(extensions);
    firstDamaged = List.copyOf(firstDamaged);
  }

  public int majorVersion() {
    return version / 10000;
  }

  public Map<String, String> toMap() {
    Map<String, String> map = new TreeMap<>();
    map.put("systemIdentifier", systemIdentifier);
    map.put("startTimeline", Integer.toString(startTimeline));
    map.put("startLsn", startLsn.toString());
    map.put("timeline", Integer.toString(timeline));
    map.put("stopLsn", stopLsn.toString());
    map.put("stoppedAt", stoppedAt.toString());
    map.put("version", Integer.toString(version));
    map.put("segmentBytes", Integer.toString(segmentBytes));
    map.put("pageChecksums", Boolean.toString(pageChecksums));
    map.put("member", member.toString());
    map.put("role", role.name().toLowerCase(Locale.ROOT));
    map.put("label", label);
    collations.forEach((name, value) -> map.put(COLLATION + name, value));
    extensions.forEach((name, value) -> map.put(EXTENSION + name, value));
    map.put("damagedPages", Long.toString(damagedPages));
    map.put("firstDamaged", String.join(",", firstDamaged));
    return map;
  }

  /// Reads a snapshot's facts. `NO_RESTORE_POINT` where they are not those of a base backup.
  public static BackupFacts fromMap(Map<String, String> map) {
    try {
      String damaged = of(map, "firstDamaged");
      return new BackupFacts(
          of(map, "systemIdentifier"),
          Integer.parseInt(of(map, "startTimeline")),
          Lsn.parse(of(map, "startLsn")),
          Integer.parseInt(of(map, "timeline")),
          Lsn.parse(of(map, "stopLsn")),
          Instant.parse(of(map, "stoppedAt")),
          Integer.parseInt(of(map, "version")),
          Integer.parseInt(of(map, "segmentBytes")),
          Boolean.parseBoolean(of(map, "pageChecksums")),
          MemberId.parse(of(map, "member")),
          ServerState.Role.valueOf(of(map, "role").toUpperCase(Locale.ROOT)),
          of(map, "label"),
          named(map, COLLATION),
          named(map, EXTENSION),
          Long.parseLong(of(map, "damagedPages")),
          damaged.isEmpty() ? List.of() : List.of(damaged.split(",", -1)));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new ChrysalisException(
          PostgresErrors.NO_RESTORE_POINT,
          "the snapshot's facts are not those of a PostgreSQL base backup: " + e.getMessage(),
          "choose another snapshot",
          e);
    }
  }

  private static Map<String, String> named(Map<String, String> map, String prefix) {
    Map<String, String> named = new TreeMap<>();
    map.forEach((key, value) -> {
      if (key.startsWith(prefix)) {
        named.put(key.substring(prefix.length()), value);
      }
    });
    return named;
  }

  private static String of(Map<String, String> map, String key) {
    String value = map.get(key);
    if (value == null) {
      throw new IllegalArgumentException("there is no " + key);
    }
    return value;
  }
}
