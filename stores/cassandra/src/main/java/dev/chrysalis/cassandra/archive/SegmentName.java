package dev.chrysalis.cassandra.archive;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of a segment of a commit log, which is its file's: `CommitLog-7-1795743529719.log`.
///
/// @param version of the format
/// @param id one more than that of the segment before it; the first of a process has the
///   milliseconds of its start and one
public record SegmentName(int version, long id) implements Comparable<SegmentName> {
  private static final Pattern FORM = Pattern.compile("CommitLog-([0-9]{1,3})-([0-9]{1,18})\\.log");

  /// Reads a file's name; empty where it is no segment's.
  public static Optional<SegmentName> parse(String file) {
    Matcher m = FORM.matcher(file);
    return m.matches()
        ? Optional.of(new SegmentName(Integer.parseInt(m.group(1)), Long.parseLong(m.group(2))))
        : Optional.empty();
  }

  @Override
  public int compareTo(SegmentName other) {
    return Long.compare(id, other.id);
  }

  @Override
  public String toString() {
    return "CommitLog-" + version + "-" + id + ".log";
  }
}
