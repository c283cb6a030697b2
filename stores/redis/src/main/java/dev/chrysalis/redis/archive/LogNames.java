package dev.chrysalis.redis.archive;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.LogName;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where things of a Redis store lie in the vault.
///
/// - log `MEMBER/ID`: an unbroken stream of commands of one server; ID is sixteen hex digits,
///   twelve of the moment at which it began (milliseconds) and four of chance, so that the newest
///   of a member sorts last
/// - record `redis/STORE/MEMBER/covered/DAY/TIME`: nothing was written up to then
/// - record `redis/STORE/accepted/MILLISECONDS`: what was restored is the store's data since then
public final class LogNames {
  private static final Pattern STREAM = Pattern.compile("([a-z0-9-]+)/([0-9a-f]{16})");
  private static final String COVERED = "covered";

  private LogNames() {}

  /// A name for a new log of a member.
  ///
  /// @param chance of its own, so that two who begin at once do not meet
  public static LogName fresh(String store, MemberId member, Instant now, int chance) {
    return new LogName(
        store, "%s/%012x%04x".formatted(member, now.toEpochMilli(), chance & 0xFFFF));
  }

  /// Whose log it is; empty where it is none of Redis.
  public static Optional<MemberId> member(LogName name) {
    Matcher m = STREAM.matcher(name.stream());
    try {
      return m.matches() ? Optional.of(MemberId.parse(m.group(1))) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// The beginning of the keys of all records of a store.
  static String records(String store) {
    return "redis/" + store + "/";
  }

  static String marks(String store, String member) {
    return records(store) + member + "/" + COVERED + "/";
  }

  static String acceptances(String store) {
    return records(store) + "accepted/";
  }

  /// Whether a record is a mark of a day before that one.
  static boolean isMarkBefore(String key, String day) {
    String[] parts = key.split("/", -1);
    return parts.length == 6
        && parts[3].equals(COVERED)
        && parts[4].length() == day.length()
        && parts[4].compareTo(day) < 0;
  }
}
