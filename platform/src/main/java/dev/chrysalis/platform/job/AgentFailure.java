package dev.chrysalis.platform.job;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Turns what an agent printed when it refused (`error CHR-3004: …`, `hint: …`, and an exit code of
/// the error's category) back into the exception that it was.
final class AgentFailure {
  private static final Pattern ERROR = Pattern.compile("(?m)^error CHR-([1-9][0-9]{3,4}): (.*)$");
  private static final Pattern HINT = Pattern.compile("(?m)^hint: (.*)$");

  private AgentFailure() {}

  /// The error, or empty where the output names none.
  static Optional<ChrysalisException> of(String where, int exitCode, String errors) {
    Matcher error = ERROR.matcher(errors);
    if (!error.find()) {
      return Optional.empty();
    }
    Matcher hint = HINT.matcher(errors);
    String next = hint.find(error.end()) ? hint.group(1) : "see the agent's log on " + where;
    ErrorCode code = new ErrorCode(Integer.parseInt(error.group(1)), category(exitCode));
    return Optional.of(new ChrysalisException(code, where + ": " + error.group(2), next));
  }

  private static Category category(int exitCode) {
    for (Category c : Category.values()) {
      if (c.exitCode() == exitCode) {
        return c;
      }
    }
    return Category.STEP;
  }
}
