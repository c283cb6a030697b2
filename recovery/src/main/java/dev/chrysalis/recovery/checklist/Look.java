package dev.chrysalis.recovery.checklist;

import dev.chrysalis.recovery.checklist.errors.Measured;
import java.util.List;

/// What a look at the whole checklist found.
///
/// @param measured the errors that were counted
public record Look(List<Check> checks, Measured measured) {
  public Look {
    checks = List.copyOf(checks);
  }

  /// Whether any box failed.
  public boolean failed() {
    return checks.stream().anyMatch(c -> c.verdict() == Check.Verdict.FAILED);
  }

  /// Whether the errors of this look are those of a stack that is well.
  public boolean well() {
    return !failed()
        && checks.stream()
            .anyMatch(
                c -> c.name().equals(ErrorSpikesBox.NAME) && c.verdict() == Check.Verdict.PASSED);
  }
}
