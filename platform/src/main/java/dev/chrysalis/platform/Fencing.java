package dev.chrysalis.platform;

/// What is known of whether a member can still serve anybody.
public sealed interface Fencing {
  /// It cannot: it is stopped and will not be started, and `evidence` says how that was seen.
  record Proven(String evidence) implements Fencing {}

  /// Nobody fenced it.
  record NotFenced() implements Fencing {}

  /// It could not be learnt, which must be taken as *not fenced*.
  record Unknown(String reason) implements Fencing {}
}
