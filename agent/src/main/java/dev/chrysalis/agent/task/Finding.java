package dev.chrysalis.agent.task;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import java.util.List;
import java.util.Map;

/// Something that a check found: an error keeps Chrysalis from keeping its promises, a warning does
/// not.
public record Finding(boolean error, String text, String hint) {
  /// Tells of them, and returns how many there are; fails with that code where any is an error.
  public static Map<String, String> tell(List<Finding> findings, ErrorCode code, Report report) {
    findings.forEach(finding -> report.note(finding.toString()));
    List<String> errors = findings.stream().filter(Finding::error).map(Finding::text).toList();
    if (!errors.isEmpty()) {
      throw new ChrysalisException(
          code, String.join("; ", errors), "change each as its line says, then check again");
    }
    return Map.of("errors", "0", "warnings", Integer.toString(findings.size()));
  }

  @Override
  public String toString() {
    return (error ? "error: " : "warning: ") + text + "; " + hint;
  }
}
