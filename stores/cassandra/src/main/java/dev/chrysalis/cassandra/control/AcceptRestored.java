package dev.chrysalis.cassandra.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Reconciled;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.workloads.Parameters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The word that the restored ring is to serve from now on: until then the old data comes back when
/// anything fails, afterwards clients write to it. Changes nothing. Parameters: `workload`;
/// `started-by`; `measured-by`, the step that saw what is left out, where there is one.
public record AcceptRestored() implements Action {
  public static final String NAME = "cassandra.accept-restored";
  static final String STARTED_BY = "started-by";
  static final String MEASURED_BY = "measured-by";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    Map<String, String> choices =
        new HashMap<>(context.evidenceOf(Parameters.of(context.step(), STARTED_BY)));
    String discarded =
        context
            .evidenceOf(context.step().parameters().getOrDefault(MEASURED_BY, ""))
            .getOrDefault(AwaitLog.DISCARDED, "");
    if (!discarded.isEmpty()) {
      choices.put(AwaitLog.DISCARDED, discarded);
      context.note("left out for good: " + discarded + "; the vault keeps it");
    }
    return choices;
  }

  @Override
  public Reconciled reconcile(StepContext context) {
    return new Reconciled.DidNotHappen("it changes nothing");
  }

  @Override
  public Probe probe(StepContext context) {
    return context.choices().isEmpty()
        ? new Probe.Waiting("the word that it may serve")
        : new Probe.Reached(context.choices());
  }

  @Override
  public void act(StepContext context) {
    // The word is all there is to do.
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of("# look at the data; from here on there is no way back to the old");
  }
}
