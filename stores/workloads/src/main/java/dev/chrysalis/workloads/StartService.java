package dev.chrysalis.workloads;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.Workload;
import java.util.List;
import java.util.Map;

/// Starts a service with as many replicas as it had before `StopService`, or as it had while all
/// was well, and waits until all are ready. Parameters: `workload`, and `stopped-by`, the step that
/// stopped it, or `replicas`.
public record StartService(Platform platform) implements Action {
  public static final String NAME = "service.start";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    String known = context.step().parameters().get(StopService.REPLICAS);
    if (known != null) {
      return Map.of(StopService.REPLICAS, known);
    }
    String stop = Parameters.of(context.step(), "stopped-by");
    // What runs now is no answer: that it was stopped is why it is started.
    return Map.of(
        StopService.REPLICAS,
        Parameters.of(context.choicesOf(stop), StopService.REPLICAS, "step " + stop));
  }

  @Override
  public Probe probe(StepContext context) {
    Workload w = platform.workload(Parameters.of(context.step(), "workload"));
    String wanted = context.choices().get(StopService.REPLICAS);
    if (wanted != null && w.replicas() == Integer.parseInt(wanted) && w.settled()) {
      return new Probe.Reached(Map.of(StopService.REPLICAS, wanted));
    }
    long ready = w.members().stream().filter(Member::ready).count();
    return new Probe.Waiting(w.name() + " ready (" + ready + " of " + wanted + ")");
  }

  @Override
  public void act(StepContext context) {
    String replicas = Parameters.of(context.choices(), StopService.REPLICAS, "the journal");
    platform.scale(
        context.token(), Parameters.of(context.step(), "workload"), Integer.parseInt(replicas));
  }

  @Override
  public List<String> byHand(Step step) {
    String name = Parameters.of(step, "workload");
    String replicas = step.parameters().getOrDefault(StopService.REPLICAS, "\"$NOTED\"");
    return List.of(
        "kubectl scale deployment/%s --replicas=%s -n \"$NAMESPACE\"".formatted(name, replicas),
        "kubectl rollout status deployment/%s -n \"$NAMESPACE\" --timeout=300s".formatted(name));
  }
}
