package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.workloads.Parameters;
import java.util.List;
import java.util.Map;

/// The word that what was restored is to serve from now on: until then the old data comes back when
/// anything fails, afterwards clients write to the new. Changes nothing itself. Parameters:
/// `member`, `restored-by`.
public record AcceptFreshCluster(PostgresAgents agents) implements Action {
  public static final String NAME = "postgres.accept-fresh-cluster";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    String restore = Parameters.of(context.step(), DumpPlans.RESTORED_BY);
    return Map.of("job", DumpPlans.restoreName(context.run(), restore));
  }

  @Override
  public Probe probe(StepContext context) {
    String job = context.choices().get("job");
    return job == null
        ? new Probe.Waiting("the word that it may serve")
        : StartFreshCluster.look(agents, DumpPlans.member(context.step()), job);
  }

  @Override
  public void act(StepContext context) {
    // The approval is all there is to do.
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of("# look at the data; from here on there is no way back to the old");
  }
}
