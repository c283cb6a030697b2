package dev.chrysalis.workloads;

import dev.chrysalis.engine.EngineErrors;
import dev.chrysalis.engine.Step;
import dev.chrysalis.model.ChrysalisException;
import java.util.List;
import java.util.Map;

/// Reads what a step is told.
public final class Parameters {
  private Parameters() {}

  /// The parameter, which must be there.
  public static String of(Step step, String key) {
    return of(step.parameters(), key, "step " + step.id());
  }

  /// The value of a key that must be there; `where` is what the message calls the map.
  public static String of(Map<String, String> values, String key, String where) {
    String value = values.get(key);
    if (value == null) {
      throw new ChrysalisException(
          EngineErrors.BAD_PLAN,
          where + " lacks '" + key + "'",
          "the plan is of another version of Chrysalis: abort the run and make a new plan");
    }
    return value;
  }

  /// A list, written with commas; empty where the parameter is not there.
  public static List<String> list(Step step, String key) {
    String value = step.parameters().getOrDefault(key, "");
    return value.isEmpty() ? List.of() : List.of(value.split(",", -1));
  }
}
