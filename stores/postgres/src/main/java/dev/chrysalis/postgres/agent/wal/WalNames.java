package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.LogName;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where things of a PostgreSQL store lie in the vault.
///
/// - log `SYSTEM/TIMELINE`: the bytes of a timeline, positions are LSNs
/// - record `postgres/STORE/SYSTEM/history/TIMELINE`: the timeline's history file
/// - record `postgres/STORE/SYSTEM/covered/DAY/TIME-TIMELINE`: nothing was written up to then
///
/// SYSTEM is the cluster's system identifier in decimal, TIMELINE eight hex digits.
public final class WalNames {
  private static final Pattern STREAM = Pattern.compile("([0-9]{1,20})/([0-9a-f]{8})");

  static final String COVERED = "covered";

  private WalNames() {}

  static LogName log(String store, long system, int timeline) {
    return new LogName(store, Long.toUnsignedString(system) + "/" + hex(timeline));
  }

  static String hex(int timeline) {
    return "%08x".formatted(timeline);
  }

  /// What a log is of; empty where it is none of PostgreSQL.
  public static Optional<Place> parse(LogName name) {
    Matcher m = STREAM.matcher(name.stream());
    return m.matches()
        ? Optional.of(
            new Place(Long.parseUnsignedLong(m.group(1)), Integer.parseInt(m.group(2), 16)))
        : Optional.empty();
  }

  static String histories(String store, long system) {
    return "postgres/" + store + "/" + Long.toUnsignedString(system) + "/history/";
  }

  static String history(String store, long system, int timeline) {
    return histories(store, system) + hex(timeline);
  }

  /// The beginning of the keys of all records of a store.
  static String records(String store) {
    return "postgres/" + store + "/";
  }

  static String marks(String store, long system) {
    return records(store) + Long.toUnsignedString(system) + "/" + COVERED + "/";
  }

  /// A member's replication slot.
  static String slot(MemberId member) {
    return "chrysalis_" + member.toString().replace('-', '_');
  }

  /// The cluster and the timeline of a log.
  public record Place(long system, int timeline) {}
}
