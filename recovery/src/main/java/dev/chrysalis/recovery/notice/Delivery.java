package dev.chrysalis.recovery.notice;

import java.time.Instant;
import java.util.List;

/// What became of a notice on one channel.
///
/// @param event the notice's event
/// @param state its state's word
/// @param at when what it tells of happened
/// @param attempts in their order
public record Delivery(
    String channel,
    String event,
    String state,
    Instant at,
    boolean delivered,
    List<Attempt> attempts) {
  public Delivery {
    attempts = List.copyOf(attempts);
  }

  /// @param result in words: `answered 500`
  public record Attempt(Instant at, String result) {}

  /// Why it was not delivered, or how it was.
  public String result() {
    return attempts.isEmpty() ? "not tried" : attempts.getLast().result();
  }
}
