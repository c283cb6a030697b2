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

/// Promotes the standby that `CatchUp` chose. Done at most once: the promotion shows by itself in
/// the server's timeline, which is higher than the one that was journaled. Parameter
/// `primary-from`: the step that chose.
public record Promote(PostgresAgents agents) implements Action {
  public static final String NAME = "postgres.promote";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    Map<String, String> chosen = context.choicesOf(Parameters.of(context.step(), "primary-from"));
    return Map.of(
        "candidate", Parameters.of(chosen, "candidate", "the choice of the candidate"),
        "timeline", Parameters.of(chosen, "timeline", "the choice of the candidate"));
  }

  @Override
  public Probe probe(StepContext context) {
    if (context.choices().isEmpty()) {
      return new Probe.Waiting("the promotion");
    }
    MemberId candidate = MemberId.parse(context.choices().getOrDefault("candidate", ""));
    MemberStatusView status = new MemberStatusView(agents.status(candidate));
    int before = Integer.parseInt(context.choices().getOrDefault("timeline", "0"));
    return status.primaryAbove(before)
        ? new Probe.Reached(status.facts("timeline", "written"))
        : new Probe.Waiting(candidate + " to take writes on a timeline above " + before);
  }

  @Override
  public void act(StepContext context) {
    MemberId candidate = MemberId.parse(context.choices().getOrDefault("candidate", ""));
    String timeline = context.choices().getOrDefault("timeline", "");
    Map<String, String> result =
        agents.run(
            context,
            candidate,
            false,
            List.of("postgres", "promote", "--expect-timeline", timeline));
    context.note("promoted: " + result);
  }

  @Override
  public Reconciled reconcile(StepContext context) {
    MemberId candidate = MemberId.parse(context.choices().getOrDefault("candidate", ""));
    return agents.reconcile(context, candidate, () -> probe(context));
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "# only after the old primary is fenced",
        "kubectl exec \"$CANDIDATE\" -n \"$NAMESPACE\" -- psql -U postgres -Atc"
            + " 'SELECT pg_promote(true, 60)'");
  }
}
