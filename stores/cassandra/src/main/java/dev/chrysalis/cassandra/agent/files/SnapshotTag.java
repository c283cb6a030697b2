package dev.chrysalis.cassandra.agent.files;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name that the server's own snapshot has while it is copied: `chrysalis-1795743542-nightly`.
/// It says by itself how old it is and whose, so that what a killed agent left is known again.
///
/// @param at when it was taken, to the second
/// @param backup the name of the backup of the ring
record SnapshotTag(Instant at, String backup) {
  /// No copy takes longer, unless its agent holds it.
  private static final Duration LONGEST = Duration.ofDays(1);

  private static final String PREFIX = "chrysalis-";
  private static final Pattern FORM = Pattern.compile(PREFIX + "([0-9]{1,12})-([a-z0-9-]+)");

  static SnapshotTag of(String backup, Instant now) {
    return new SnapshotTag(Instant.ofEpochSecond(now.getEpochSecond()), backup);
  }

  /// Reads a snapshot's name; empty where it is somebody else's.
  static Optional<SnapshotTag> parse(String text) {
    Matcher m = FORM.matcher(text);
    try {
      return m.matches()
          ? Optional.of(
              new SnapshotTag(Instant.ofEpochSecond(Long.parseLong(m.group(1))), m.group(2)))
          : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /// Whether one that nobody is known to hold is copied no more.
  boolean isOld(Instant now) {
    return at.plus(LONGEST).isBefore(now);
  }

  @Override
  public String toString() {
    return PREFIX + at.getEpochSecond() + "-" + backup;
  }
}
