package dev.chrysalis.engine;

import dev.chrysalis.model.ChrysalisException;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The actions that this program knows, by name.
public final class Actions {
  private final Map<String, Action> byName;

  private Actions(Map<String, Action> byName) {
    this.byName = byName;
  }

  /// Throws `IllegalStateException` when two have the same name.
  public static Actions of(Collection<? extends Action> actions) {
    return new Actions(
        actions.stream().collect(Collectors.toUnmodifiableMap(Action::name, Function.identity())));
  }

  /// Throws `UNKNOWN_ACTION` where there is none of that name.
  public Action get(String name) {
    Action found = byName.get(name);
    if (found == null) {
      throw new ChrysalisException(
          EngineErrors.UNKNOWN_ACTION,
          "this version of Chrysalis has no action `" + name + "`",
          "Go on with the version that made the plan, or a later one.");
    }
    return found;
  }

  void checkAll(Plan plan) {
    plan.steps().forEach(step -> get(step.action()));
  }
}
