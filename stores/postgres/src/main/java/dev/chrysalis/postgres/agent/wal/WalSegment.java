package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.postgres.Lsn;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A segment of the log: the file `00000002000000000000004A`.
public record WalSegment(int timeline, long number) {
  private static final Pattern NAME = Pattern.compile("([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})");

  public WalSegment {
    if (timeline < 1 || number < 0) {
      throw new IllegalArgumentException("not a segment: " + timeline + " " + number);
    }
  }

  /// The segment that holds a position.
  public static WalSegment of(int timeline, Lsn lsn, long segmentBytes) {
    return new WalSegment(timeline, Long.divideUnsigned(lsn.value(), segmentBytes));
  }

  /// Reads a file's name; empty where it is none of a segment.
  public static Optional<WalSegment> parse(String fileName, long segmentBytes) {
    Matcher m = NAME.matcher(fileName);
    if (!m.matches()) {
      return Optional.empty();
    }
    long timeline = Long.parseLong(m.group(1), 16);
    long perHigh = (1L << 32) / segmentBytes;
    long low = Long.parseLong(m.group(3), 16);
    if (timeline < 1 || timeline > Integer.MAX_VALUE || low >= perHigh) {
      return Optional.empty();
    }
    long number = Long.parseLong(m.group(2), 16) * perHigh + low;
    return Optional.of(new WalSegment((int) timeline, number));
  }

  public String fileName(long segmentBytes) {
    long perHigh = (1L << 32) / segmentBytes;
    return "%08X%08X%08X".formatted(timeline, number / perHigh, number % perHigh);
  }

  public Lsn start(long segmentBytes) {
    return new Lsn(number * segmentBytes);
  }

  public Lsn end(long segmentBytes) {
    return new Lsn((number + 1) * segmentBytes);
  }
}
