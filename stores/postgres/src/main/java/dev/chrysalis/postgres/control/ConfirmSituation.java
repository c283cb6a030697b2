package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.workloads.Parameters;
import java.util.List;
import java.util.Map;

/// Looks once more, now under the lease, whether what the plan was made for is still so: between
/// the plan and its approval somebody else may have recovered the store, or it may have come back
/// by itself. Refused when it is not. Parameters: `workload`, `situation`.
public record ConfirmSituation(Platform platform, PostgresAgents agents) implements Action {
  public static final String NAME = "postgres.confirm-situation";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    String expected = Parameters.of(context.step(), "situation");
    List<MemberView> views =
        new MemberViews(platform, agents).of(Parameters.of(context.step(), "workload"));
    Situation found = Diagnosis.of(views);
    String now = found.toString();
    if (found instanceof Situation.Unclear unclear && !now.equals(expected)) {
      // An agent that did not answer once may answer soon; the step's deadline ends the asking.
      throw new ChrysalisException(
          PostgresErrors.UNREACHABLE,
          "the plan was made for %s, and now it is unclear: %s".formatted(expected, unclear.why()),
          "nothing was touched; see what is there: chrysalis assess");
    }
    if (!now.equals(expected)) {
      throw new ChrysalisException(
          PostgresErrors.SITUATION_CHANGED,
          "the plan was made for %s, and now there is %s".formatted(expected, now),
          "nothing was touched; abort this run and make a new plan: chrysalis recover");
    }
    return Map.of("situation", now);
  }

  @Override
  public Probe probe(StepContext context) {
    return context.choices().isEmpty()
        ? new Probe.Waiting("a second look")
        : new Probe.Reached(context.choices());
  }

  @Override
  public void act(StepContext context) {
    // To look is all there is to do.
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of("chrysalis assess");
  }
}
