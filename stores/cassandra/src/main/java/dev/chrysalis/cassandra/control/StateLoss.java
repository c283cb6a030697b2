package dev.chrysalis.cassandra.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.workloads.Parameters;
import java.util.List;
import java.util.Map;

/// Says what was lost with the volumes: what was acknowledged after the moment that the vault held.
/// Parameters: `point-from`.
///
/// Evidence: `lost` in a sentence, `since`.
public record StateLoss() implements Action {
  public static final String NAME = "cassandra.state-loss";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    String from = Parameters.of(context.step(), RestoreNode.POINT_FROM);
    String at = Parameters.of(context.choicesOf(from), ChooseRestorePoint.AT, "step " + from);
    return Map.of(
        "lost",
        "unknown is what was acknowledged after "
            + at
            + "; of later writes there is what any node's log had shipped",
        "since",
        at);
  }

  @Override
  public Probe probe(StepContext context) {
    return context.choices().isEmpty()
        ? new Probe.Waiting("the loss to be stated")
        : new Probe.Reached(context.choices());
  }

  @Override
  public void act(StepContext context) {
    // To look is all there is to do.
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of("# lost at most: what was written after the moment that was restored");
  }
}
