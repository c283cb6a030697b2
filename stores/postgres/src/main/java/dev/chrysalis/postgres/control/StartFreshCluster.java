package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.workloads.FenceMember;
import dev.chrysalis.workloads.Parameters;
import java.util.List;
import java.util.Map;

/// Starts the server on what this run restored, while clients are still away, so that it can be
/// looked at; where it does not come up the old data comes back. Parameters: `member`,
/// `restored-by`.
public record StartFreshCluster(Platform platform, PostgresAgents agents) implements Action {
  public static final String NAME = "postgres.start-fresh-cluster";

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
    if (job == null) {
      return new Probe.Waiting("the server to start");
    }
    return look(agents, DumpPlans.member(context.step()), job);
  }

  /// Whether the member's server takes writes, on what that job restored.
  static Probe look(PostgresAgents agents, MemberId member, String job) {
    Map<String, String> status = agents.status(member);
    MemberStatusView view = new MemberStatusView(status);
    return view.primary() && job.equals(status.get("data.restoredBy"))
        ? new Probe.Reached(view.facts("systemIdentifier", "timeline", "written"))
        : new Probe.Waiting(member + " to answer on the restored data");
  }

  @Override
  public void act(StepContext context) {
    platform.unfence(context.token(), DumpPlans.member(context.step()));
  }

  @Override
  public boolean undoable() {
    return true;
  }

  /// Stops the server again, with proof, so that its volume can be exchanged.
  @Override
  public void giveBack(StepContext context) {
    FenceMember.stopAgain(platform, context, DumpPlans.member(context.step()));
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "kubectl scale statefulset/%s --replicas=1 -n \"$NAMESPACE\""
            .formatted(DumpPlans.member(step).workload()),
        "psql -Atc 'SELECT pg_is_in_recovery()'   # until: f");
  }
}
