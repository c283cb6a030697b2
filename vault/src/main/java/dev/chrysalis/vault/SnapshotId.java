package dev.chrysalis.vault;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/// A snapshot's name, sortable by the time at which it began: `20261123t021530z-7f3a9c`.
public record SnapshotId(String value) implements Comparable<SnapshotId> {
  private static final Pattern FORM = Pattern.compile("[0-9]{8}t[0-9]{6}z-[0-9a-f]{6}");

  private static final DateTimeFormatter STARTED =
      DateTimeFormatter.ofPattern("uuuuMMdd't'HHmmss'z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int STARTED_LENGTH = 16;

  /// Whether it has the form of one.
  public static boolean isName(String text) {
    return FORM.matcher(text).matches();
  }

  public SnapshotId {
    if (!isName(value)) {
      throw new IllegalArgumentException("not a snapshot's name: " + value);
    }
  }

  /// When it began, by its writer's clock.
  public Instant startedAt() {
    return STARTED.parse(value.substring(0, STARTED_LENGTH), Instant::from);
  }

  @Override
  public int compareTo(SnapshotId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
