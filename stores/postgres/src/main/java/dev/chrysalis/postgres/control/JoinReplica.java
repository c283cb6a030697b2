package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.workloads.Parameters;
import java.util.List;

/// Starts a restored standby, feeds it from the vault what the primary does not keep any more, and
/// waits until it streams from the primary. Parameter `member`.
public record JoinReplica(Platform platform, PostgresAgents agents) implements Action {
  public static final String NAME = "postgres.join";
  private static final String FEED = "feed";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Probe probe(StepContext context) {
    MemberId member = member(context);
    MemberStatusView status = new MemberStatusView(agents.status(member));
    return status.streaming()
        ? new Probe.Reached(status.facts("timeline", "written"))
        : agents.unlessLost(
            context, member, FEED, new Probe.Waiting(member + " to stream from the primary"));
  }

  @Override
  public void act(StepContext context) {
    agents.startBeside(context, member(context), FEED, List.of("postgres", "feed", "--standby"));
    platform.unfence(context.token(), member(context));
  }

  @Override
  public List<String> byHand(Step step) {
    MemberId id = MemberId.parse(Parameters.of(step, "member"));
    return List.of(
        "kubectl scale statefulset/%s --replicas=%d -n \"$NAMESPACE\""
            .formatted(id.workload(), id.ordinal() + 1),
        "psql -Atc 'SELECT status FROM pg_stat_wal_receiver'   # until: streaming");
  }

  private static MemberId member(StepContext context) {
    return MemberId.parse(Parameters.of(context.step(), "member"));
  }
}
