package dev.chrysalis.workloads;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Looks once more, now under the lease, whether what the plan was made for is still so: between
/// the plan and its approval somebody else may have recovered the store, or it may have come back
/// by itself. Refused when it is not. Parameter `situation`; more are each store's own.
public interface SecondLook extends Action {
  /// The parameter that holds what the plan was made for.
  String SITUATION = "situation";

  /// The parameter that says that this is `WHOLE_STORE`, a `WholeStore`.
  String OF = "of";

  String WHOLE_STORE = "whole-store";

  /// Whether a plan brings the whole store back.
  static boolean ofWholeStore(Step step) {
    return WHOLE_STORE.equals(step.parameters().get(OF));
  }

  /// What a plan sees that brings the whole store back.
  static Seen whole(Step step, WholeStore now, Optional<String> unclear) {
    return new Seen(now.text(), now.fits(Parameters.of(step, SITUATION)), unclear);
  }

  /// What is there now.
  ///
  /// @param text as a plan's parameter holds it
  /// @param fits whether the plan answers it although it is not what the plan was made for
  /// @param unclear why too little is known to tell; empty where it is known
  record Seen(String text, boolean fits, Optional<String> unclear) {}

  Seen look(Step step);

  /// The error where too little is known now; a look that fails with it is repeated.
  ErrorCode unreachable();

  /// The error where something else is there.
  ErrorCode changed();

  @Override
  default Map<String, String> choose(StepContext context) {
    String expected = Parameters.of(context.step(), SITUATION);
    Seen now = look(context.step());
    if (now.text().equals(expected) || now.fits()) {
      return Map.of(SITUATION, now.text());
    }
    if (now.unclear().isPresent()) {
      // An agent that did not answer once may answer soon; the step's deadline ends the asking.
      throw new ChrysalisException(
          unreachable(),
          "the plan was made for %s, and now it is unclear: %s"
              .formatted(expected, now.unclear().get()),
          "nothing was touched; see what is there: chrysalis assess");
    }
    throw new ChrysalisException(
        changed(),
        "the plan was made for %s, and now there is %s".formatted(expected, now.text()),
        "nothing was touched; abort this run and make a new plan: chrysalis recover");
  }

  @Override
  default Probe probe(StepContext context) {
    return context.choices().isEmpty()
        ? new Probe.Waiting("a second look")
        : new Probe.Reached(context.choices());
  }

  @Override
  default void act(StepContext context) {
    // To look is all there is to do.
  }

  @Override
  default List<String> byHand(Step step) {
    return List.of("chrysalis assess");
  }
}
