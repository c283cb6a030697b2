package dev.chrysalis.recovery.checklist;

import java.util.ArrayList;
import java.util.List;

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

  static Check unknown(Box box, String why) {
    return new Check(box.name(), box.title(), Verdict.UNKNOWN, why);
  }

  /// Failed where there is a fault, else unknown where something is; passed only where something
  /// was seen besides.
  static Check of(Box box, List<String> faults, List<String> unknown, List<String> seen) {
    List<String> told = new ArrayList<>(faults);
    told.addAll(unknown);
    told.addAll(seen);
    Verdict verdict = Verdict.PASSED;
    if (!faults.isEmpty()) {
      verdict = Verdict.FAILED;
    } else if (!unknown.isEmpty() || seen.isEmpty()) {
      verdict = Verdict.UNKNOWN;
    }
    String evidence = told.isEmpty() ? "there is nothing to look at" : String.join("; ", told);
    return new Check(box.name(), box.title(), verdict, evidence);
  }
}
