package dev.chrysalis.model;

import java.util.Map;

/// One observed fact about the stack, with its evidence.
///
/// @param kind stable name: `primary-down`
/// @param subject what it is about: `postgres-0`
/// @param text one sentence for a person
/// @param evidence what was seen; short, no secrets
public record Finding(
    String kind, Severity severity, String subject, String text, Map<String, String> evidence) {
  public Finding {
    evidence = Map.copyOf(evidence);
  }

  /// How bad it is.
  public enum Severity {
    /// Worth knowing.
    NOTICE,
    /// Nothing is lost yet, but protection or redundancy is.
    WARNING,
    /// Somebody is not served.
    CRITICAL
  }
}
