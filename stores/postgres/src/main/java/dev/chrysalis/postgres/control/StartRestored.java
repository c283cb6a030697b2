package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Reconciled;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Fencing;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.workloads.Parameters;
import java.util.List;
import java.util.Map;

/// Lets a server start on the directory that was restored in place. A point of no return: replay
/// changes pages that the undo log does not hold. Parameters: `member`; `restored-by`, the step
/// that restored it, whose mark the directory must carry.
public record StartRestored(Platform platform, PostgresAgents agents) implements Action {
  public static final String NAME = "postgres.start-restored";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    MemberId member = member(context);
    String wanted =
        RestoreMember.nameOf(context.run(), Parameters.of(context.step(), "restored-by"));
    Map<String, String> status = agents.status(member);
    String there = status.getOrDefault("data.restoredBy", "");
    if (!status.containsKey("data")) {
      throw new ChrysalisException(
          PostgresErrors.UNREACHABLE,
          "the agent of %s does not say what lies in its volume: %s".formatted(member, status),
          "no server was started; see that it runs, then resume the run");
    }
    if (!there.equals(wanted)) {
      throw new ChrysalisException(
          PostgresErrors.SITUATION_CHANGED,
          "%s does not hold what %s restored any more, but %s"
              .formatted(member, wanted, there.isEmpty() ? "a cluster of its own" : there),
          "no server was started; abort this run and make a new plan: chrysalis recover");
    }
    return Map.of("restoredBy", there);
  }

  @Override
  public Probe probe(StepContext context) {
    return switch (platform.fencing(member(context))) {
      case Fencing.NotFenced _ when context.choices().containsKey("restoredBy") ->
          new Probe.Reached(context.choices());
      case Fencing.NotFenced _, Fencing.Proven _ -> new Probe.Waiting("the server to be let go");
      case Fencing.Unknown unknown -> new Probe.Waiting(unknown.reason());
    };
  }

  @Override
  public void act(StepContext context) {
    platform.unfence(context.token(), member(context));
  }

  @Override
  public Reconciled reconcile(StepContext context) {
    return switch (platform.fencing(member(context))) {
      case Fencing.NotFenced _ -> new Reconciled.Happened(context.choices());
      case Fencing.Proven proven -> new Reconciled.DidNotHappen(proven.evidence());
      case Fencing.Unknown unknown -> new Reconciled.Unknown(unknown.reason());
    };
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "# from here the old data cannot come back: the next step starts the server on "
            + Parameters.of(step, "member"));
  }

  private static MemberId member(StepContext context) {
    return MemberId.parse(Parameters.of(context.step(), "member"));
  }
}
