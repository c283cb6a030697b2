package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Reconciled;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.Parameters;
import java.util.List;
import java.util.Map;

/// Ends the recovery of a server that stands at its target, so that it takes writes on a timeline
/// of its own. Done at most once; it shows in the timeline. Parameters: `member`, `point-from`.
public record EndRecovery(PostgresAgents agents) implements Action {
  public static final String NAME = "postgres.end-recovery";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    String from = Parameters.of(context.step(), "point-from");
    return Map.of("timeline", Parameters.of(context.choicesOf(from), "timeline", "step " + from));
  }

  @Override
  public Probe probe(StepContext context) {
    if (context.choices().isEmpty()) {
      return new Probe.Waiting("recovery to be ended");
    }
    MemberStatusView status = new MemberStatusView(agents.status(member(context)));
    int before = Integer.parseInt(context.choices().getOrDefault("timeline", "0"));
    return status.primaryAbove(before)
        ? new Probe.Reached(status.facts("timeline", "written"))
        : new Probe.Waiting(member(context) + " to take writes");
  }

  @Override
  public void act(StepContext context) {
    Map<String, String> _ =
        agents.run(context, member(context), false, List.of("postgres", "end-recovery"));
  }

  @Override
  public Reconciled reconcile(StepContext context) {
    return agents.reconcile(context, member(context), () -> probe(context));
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of("psql -Atc 'SELECT pg_wal_replay_resume()'   # or pg_promote()");
  }

  private static MemberId member(StepContext context) {
    return MemberId.parse(Parameters.of(context.step(), "member"));
  }
}
