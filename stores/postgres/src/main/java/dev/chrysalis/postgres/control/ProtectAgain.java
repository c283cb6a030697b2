package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.job.JobState;
import java.util.List;
import java.util.Map;

/// Takes a fresh backup of the new primary. It only succeeds when the vault also has the WAL up to
/// the backup's end, that is, when log shipping runs again. Parameter `primary` or `primary-from`.
public record ProtectAgain(PostgresAgents agents) implements Action {
  public static final String NAME = "postgres.protect";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    return Map.of("member", Primary.of(context).toString());
  }

  @Override
  public Probe probe(StepContext context) {
    String member = context.choices().get("member");
    if (member == null) {
      return new Probe.Waiting("a fresh backup");
    }
    return switch (agents.state(context, MemberId.parse(member))) {
      case JobState.Done done -> new Probe.Reached(done.result());
      case JobState.Failed failed ->
          new Probe.Broken(failed.code() + ": " + failed.message(), failed.hint());
      case JobState.Running running -> new Probe.Waiting(running.last().stage());
      case JobState.NotStarted _, JobState.Lost _ -> new Probe.Waiting("the backup to start");
    };
  }

  @Override
  public void act(StepContext context) {
    MemberId member = MemberId.parse(context.choices().getOrDefault("member", ""));
    Map<String, String> _ = agents.run(context, member, true, List.of("postgres", "backup"));
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of("chrysalis backup postgres");
  }
}
