package dev.chrysalis.workloads;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.Workload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Makes an older revision of a service the current one again. Parameters: `workload`, `revision`,
/// and `from`, the revision that was found bad: where another one has come since, or this one has
/// got ready after all, nothing is done. Reached when the platform wants it; that its members get
/// ready is for the steps after it, since that revision may know an address of a store that has
/// moved. Repeating it after a crash adds at most one more revision of the same content.
public record RollBackService(Platform platform) implements Action {
  public static final String NAME = "service.roll-back";
  public static final String FROM = "from";
  private static final String LEFT_ALONE = "leftAlone";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    Workload w = workload(context.step());
    int bad = Integer.parseInt(Parameters.of(context.step(), FROM));
    Map<String, String> choices = new HashMap<>();
    choices.put(FROM, Integer.toString(bad));
    if (w.revision() != bad) {
      choices.put(LEFT_ALONE, "revision " + w.revision() + " has come since");
    } else if (w.proven().contains(bad)) {
      choices.put(LEFT_ALONE, "revision " + bad + " has got ready");
    }
    return choices;
  }

  @Override
  public Probe probe(StepContext context) {
    Workload w = workload(context.step());
    String alone = context.choices().get(LEFT_ALONE);
    if (alone != null) {
      return new Probe.Reached(Map.of(LEFT_ALONE, alone));
    }
    String from = context.choices().get(FROM);
    return from != null && w.revision() > Integer.parseInt(from)
        ? new Probe.Reached(Map.of("revision", Integer.toString(w.revision())))
        : new Probe.Waiting(w.name() + " to leave revision " + w.revision());
  }

  @Override
  public void act(StepContext context) {
    platform.rollback(
        context.token(),
        Parameters.of(context.step(), "workload"),
        Integer.parseInt(Parameters.of(context.step(), "revision")));
  }

  @Override
  public List<String> byHand(Step step) {
    String name = Parameters.of(step, "workload");
    return List.of(
        "kubectl rollout history deployment/%s -n \"$NAMESPACE\"".formatted(name),
        "kubectl rollout undo deployment/%s --to-revision=%s -n \"$NAMESPACE\""
            .formatted(name, Parameters.of(step, "revision")));
  }

  private Workload workload(Step step) {
    return platform.workload(Parameters.of(step, "workload"));
  }
}
