package dev.chrysalis.vault;

import java.util.regex.Pattern;

/// A snapshot's name, sortable by the time at which it began: `20261123t021530z-7f3a9c`.
public record SnapshotId(String value) implements Comparable<SnapshotId> {
  private static final Pattern FORM = Pattern.compile("[0-9]{8}t[0-9]{6}z-[0-9a-f]{6}");

  public SnapshotId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a snapshot's name: " + value);
    }
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
