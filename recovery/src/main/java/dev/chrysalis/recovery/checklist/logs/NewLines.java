package dev.chrysalis.recovery.checklist.logs;

import java.util.List;

/// Which lines were printed between two looks at a log that shows only its newest ones.
public final class NewLines {
  private NewLines() {}

  /// The lines of the second look that the first one did not show. Where the two have nothing in
  /// common all of them are.
  public static List<String> between(List<String> before, List<String> after) {
    if (after.size() >= before.size() && after.subList(0, before.size()).equals(before)) {
      return after.subList(before.size(), after.size());
    }
    // The oldest ones fell out, so that the first look's end stands somewhere in the second one.
    for (int end = after.size(); end > 0; end--) {
      int same = Math.min(end, before.size());
      if (after
          .subList(end - same, end)
          .equals(before.subList(before.size() - same, before.size()))) {
        return after.subList(end, after.size());
      }
    }
    return after;
  }
}
