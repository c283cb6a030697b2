package dev.chrysalis.workloads;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.EngineErrors;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.Workload;
import java.util.List;
import java.util.Map;

/// Stops a service that writes to a store which is about to be restored. Parameters: `workload`,
/// and `otherwise`, how many to bring back where none run now (0: nobody knows). How many replicas
/// there were is journaled first; `StartService` puts that number back.
public record StopService(Platform platform) implements Action {
  public static final String NAME = "service.stop";
  static final String REPLICAS = "replicas";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    int observed = workload(context.step()).replicas();
    int otherwise = Integer.parseInt(context.step().parameters().getOrDefault("otherwise", "0"));
    if (observed == 0 && otherwise == 0) {
      throw new ChrysalisException(
          EngineErrors.STEP_FAILED,
          Parameters.of(context.step(), "workload")
              + " runs with 0 replicas, so nobody knows how many to bring back",
          "declare `replicas` of the service in the stack file, or scale it up first");
    }
    return Map.of(REPLICAS, Integer.toString(observed == 0 ? otherwise : observed));
  }

  @Override
  public Probe probe(StepContext context) {
    Workload w = workload(context.step());
    long left = w.members().size();
    return w.replicas() == 0 && left == 0
        ? new Probe.Reached(Map.of(REPLICAS, "0"))
        : new Probe.Waiting(w.name() + " stopped (" + left + " still there)");
  }

  @Override
  public void act(StepContext context) {
    platform.scale(context.token(), Parameters.of(context.step(), "workload"), 0);
  }

  @Override
  public boolean undoable() {
    return true;
  }

  @Override
  public void giveBack(StepContext context) {
    String replicas = Parameters.of(context.choices(), REPLICAS, "the journal");
    platform.scale(
        context.token(), Parameters.of(context.step(), "workload"), Integer.parseInt(replicas));
  }

  @Override
  public List<String> byHand(Step step) {
    String name = Parameters.of(step, "workload");
    return List.of(
        "kubectl get deployment/%s -n \"$NAMESPACE\" -o jsonpath='{.spec.replicas}'   # note it"
            .formatted(name),
        "kubectl scale deployment/%s --replicas=0 -n \"$NAMESPACE\"".formatted(name));
  }

  private Workload workload(Step step) {
    return platform.workload(Parameters.of(step, "workload"));
  }
}
