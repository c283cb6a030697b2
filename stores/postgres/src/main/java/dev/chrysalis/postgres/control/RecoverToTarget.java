package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.workloads.FenceMember;
import dev.chrysalis.workloads.Parameters;
import java.util.List;
import java.util.Map;

/// Starts a restored server, feeds it WAL, and waits until it stands still at the target: there it
/// can be looked at before recovery is ended. Parameters: `member`, `point-from`; `to`, the goal,
/// for the runbook.
public record RecoverToTarget(Platform platform, PostgresAgents agents) implements Action {
  public static final String NAME = "postgres.recover-to-target";
  private static final String FEED = "feed";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    String from = Parameters.of(context.step(), "point-from");
    Map<String, String> point = context.choicesOf(from);
    return Map.of(
        "target", Parameters.of(point, "target", "step " + from),
        "timeline", Parameters.of(point, "timeline", "step " + from),
        "snapshot", Parameters.of(point, "snapshot", "step " + from));
  }

  @Override
  public Probe probe(StepContext context) {
    String target = context.choices().get("target");
    if (target == null) {
      return new Probe.Waiting("the server to start");
    }
    Map<String, String> status = agents.status(member(context));
    String replayed = status.get("replayed");
    if (new MemberStatusView(status).primaryAbove(timeline(context))) {
      return new Probe.Reached(Map.of("recovery", "ended before", "target", target));
    }
    if (replayed == null) {
      return waiting(context, "the server to answer; it replays towards " + target);
    }
    boolean there = Lsn.parse(replayed).compareTo(Lsn.parse(target)) > 0;
    return there && "true".equals(status.get("replayPaused"))
        ? new Probe.Reached(Map.of("replayed", replayed, "target", target))
        : waiting(context, "replay to reach %s (at %s)".formatted(target, replayed));
  }

  private static int timeline(StepContext context) {
    return Integer.parseInt(context.choices().getOrDefault("timeline", "0"));
  }

  private Probe waiting(StepContext context, String what) {
    return agents.unlessLost(context, member(context), FEED, new Probe.Waiting(what));
  }

  @Override
  public void act(StepContext context) {
    MemberId member = member(context);
    agents.startBeside(
        context,
        member,
        FEED,
        List.of(
            "postgres",
            "feed",
            "--to",
            "lsn:" + context.choices().getOrDefault("target", ""),
            "--timeline",
            context.choices().getOrDefault("timeline", ""),
            "--snapshot",
            context.choices().getOrDefault("snapshot", "")));
    platform.unfence(context.token(), member);
  }

  @Override
  public boolean undoable() {
    return true;
  }

  /// Stops the server again, with proof, so that its volume can be exchanged.
  @Override
  public void giveBack(StepContext context) {
    MemberId member = member(context);
    agents.stopBeside(context, member, FEED);
    FenceMember.stopAgain(platform, context, member);
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "chrysalis agent postgres feed --to %s &"
            .formatted(step.parameters().getOrDefault("to", "latest")),
        "kubectl scale statefulset/postgres --replicas=1 -n \"$NAMESPACE\"",
        "psql -Atc 'SELECT pg_get_wal_replay_pause_state(), pg_last_wal_replay_lsn()'"
            + "   # until: paused");
  }

  private static MemberId member(StepContext context) {
    return MemberId.parse(Parameters.of(context.step(), "member"));
  }
}
