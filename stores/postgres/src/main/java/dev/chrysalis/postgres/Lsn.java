package dev.chrysalis.postgres;

/// A position in the write-ahead log, printed as PostgreSQL does: `0/3000148`. Unsigned 64 bits.
public record Lsn(long value) implements Comparable<Lsn> {
  /// Reads `16/B374D848`.
  public static Lsn parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 1 || slash > 8 || text.length() - slash - 1 > 8 || text.length() == slash + 1) {
      throw new IllegalArgumentException("not a WAL position: " + text);
    }
    long high = Long.parseUnsignedLong(text, 0, slash, 16);
    long low = Long.parseUnsignedLong(text, slash + 1, text.length(), 16);
    return new Lsn(high << 32 | low);
  }

  public Lsn plus(long bytes) {
    return new Lsn(value + bytes);
  }

  /// How many bytes of WAL lie between the other position and this one.
  public long minus(Lsn other) {
    return value - other.value;
  }

  /// The first position of the segment that holds this one.
  public Lsn segmentStart(long segmentBytes) {
    return new Lsn(value - Long.remainderUnsigned(value, segmentBytes));
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compareUnsigned(value, other.value);
  }

  @Override
  public String toString() {
    return "%X/%X".formatted(value >>> 32, value & 0xFFFFFFFFL);
  }
}
