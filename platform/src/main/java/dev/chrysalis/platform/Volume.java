package dev.chrysalis.platform;

/// A member's volume.
///
/// @param empty whether nothing lies in it
/// @param freeBytes what can still be written to it
public record Volume(State state, boolean empty, long usedBytes, long freeBytes) {
  /// Whether it can be used.
  public enum State {
    PRESENT,
    MISSING
  }
}
