package dev.chrysalis.vault;

/// An unbroken stretch of a log: all positions from `from` to `to`, `to` excluded, are in the
/// vault.
public record LogExtent(long from, long to) {
  public LogExtent {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("a backward extent: " + from + " to " + to);
    }
  }

  public boolean covers(long first, long end) {
    return from <= first && end <= to;
  }
}
