package dev.chrysalis.cassandra.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.workloads.Parameters;
import java.util.List;
import java.util.Map;

/// Answers for the rows of a restored ring once it serves: fails where they were not what it was
/// restored from. Parameters: `compared-by`, the step that looked.
///
/// Evidence: what that step found.
public record StateRows() implements Action {
  public static final String NAME = "cassandra.state-rows";
  static final String COMPARED_BY = "compared-by";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Probe probe(StepContext context) {
    Map<String, String> found = context.evidenceOf(Parameters.of(context.step(), COMPARED_BY));
    String differ = found.get(CompareRows.DIFFER);
    return differ == null
        ? new Probe.Reached(found)
        : new Probe.Broken(
            "the ring serves, and its rows are not all that was restored: " + differ,
            "look at these tables, bring them back beside (chrysalis restore --table); then: chrysalis"
                + " approve %s %s --happened".formatted(context.run(), context.step().id()));
  }

  @Override
  public void act(StepContext context) {
    // To look is all there is to do.
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of("# what the comparison has found");
  }
}
