package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.job.JobState;
import dev.chrysalis.workloads.MemberAgents;
import dev.chrysalis.workloads.Parameters;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Brings to the vault what a dead member's `pg_wal` holds beyond it, so that commits which nobody
/// had received are not lost with the member. Parameter `member`.
///
/// A recovery does not hang on it: where there is no WAL, or where it cannot be read, the step ends
/// and says so, and `StateLoss` counts that as unknown.
///
/// Evidence: `wal` is `read`, `none` or `unknown`, with the agent's result or the reason (`why`).
public record SalvageWal(PostgresAgents agents) implements Action {
  public static final String NAME = "postgres.salvage";

  /// What a data directory must be to hold WAL.
  private static final Set<String> WORTH_A_LOOK = Set.of("initialised", "damaged");

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    Map<String, String> status = agents.status(member(context));
    String data = status.getOrDefault("data", "");
    if (WORTH_A_LOOK.contains(data)) {
      return Map.of("look", "yes");
    }
    return data.isEmpty()
        ? refusal("unknown", "its agent does not answer: " + status.getOrDefault("agent.error", ""))
        : refusal("none", "its data directory is " + data);
  }

  private static Map<String, String> refusal(String wal, String why) {
    return Map.of("look", "no", "wal", wal, "why", why);
  }

  @Override
  public Probe probe(StepContext context) {
    Map<String, String> choices = context.choices();
    if (choices.isEmpty()) {
      return new Probe.Waiting("a look at what is left of the WAL");
    }
    if (!looks(context)) {
      return unread(choices.getOrDefault("wal", ""), choices.getOrDefault("why", ""));
    }
    return switch (agents.state(context, member(context))) {
      case JobState.Done done -> new Probe.Reached(done.result());
      case JobState.Failed failed -> unread("unknown", failed.code() + ": " + failed.message());
      case JobState.Running running -> new Probe.Waiting(running.last().stage());
      case JobState.Lost lost when lost.attempt() >= MemberAgents.ATTEMPTS ->
          unread("unknown", "the agent's process was lost " + lost.attempt() + " times");
      case JobState.NotStarted _, JobState.Lost _ -> new Probe.Waiting("the salvage to start");
    };
  }

  private static Probe unread(String wal, String why) {
    return new Probe.Reached(Map.of("wal", wal, "why", why));
  }

  @Override
  public void act(StepContext context) {
    if (!looks(context)) {
      return;
    }
    try {
      Map<String, String> _ =
          agents.run(context, member(context), true, List.of("postgres", "salvage"));
    } catch (ChrysalisException e) {
      if (!e.code().equals(PlatformErrors.JOB_FAILED)
          && !e.code().equals(PlatformErrors.JOB_UNKNOWN)) {
        throw e;
      }
      context.note("the WAL of %s was not salvaged: %s".formatted(member(context), e.getMessage()));
    }
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "# beside the stopped " + Parameters.of(step, "member") + "; only reads its pg_wal",
        "chrysalis agent postgres salvage");
  }

  private static boolean looks(StepContext context) {
    return "yes".equals(context.choices().get("look"));
  }

  private static MemberId member(StepContext context) {
    return MemberId.parse(Parameters.of(context.step(), "member"));
  }
}
