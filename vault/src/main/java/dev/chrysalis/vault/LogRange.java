package dev.chrysalis.vault;

/// A stretch of a log that something needs: positions `from` to `to`, `to` excluded.
public record LogRange(LogName log, long from, long to) {
  public LogRange {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("an empty or backward range: " + from + " to " + to);
    }
  }
}
