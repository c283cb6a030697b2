package dev.chrysalis.recovery.checklist;

/// One box of the checklist, with what was seen.
///
/// @param name stable name: `health-endpoints`
public record Check(String name, String title, Verdict verdict, String evidence) {
  /// Whether the box can be ticked. What could not be checked is `UNKNOWN`, never ticked.
  public enum Verdict {
    PASSED,
    FAILED,
    UNKNOWN
  }

  static Check passed(String name, String title, String evidence) {
    return new Check(name, title, Verdict.PASSED, evidence);
  }

  static Check failed(String name, String title, String evidence) {
    return new Check(name, title, Verdict.FAILED, evidence);
  }

  static Check unknown(String name, String title, String why) {
    return new Check(name, title, Verdict.UNKNOWN, why);
  }
}
