package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.job.JobState;
import dev.chrysalis.workloads.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads a dump to its end beside the member that it is to be restored to, before anything is
/// touched: it is whole, nothing that it needs is undeclared, and there is room. Parameters: those
/// of `DumpPlans`.
///
/// Evidence: the agent's result, with the dump's `sha256`, by which the restore knows it again.
public record CheckDump(Platform platform, PostgresAgents agents) implements Action {
  public static final String NAME = "postgres.check-dump";

  /// A table, its indexes and its WAL take more room than its text, as a rule twice as much.
  private static final long TIMES_THE_TEXT = 3;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Probe probe(StepContext context) {
    MemberId member = DumpPlans.member(context.step());
    return switch (agents.state(context, member)) {
      case JobState.Done done -> room(member, done.result());
      case JobState.Failed failed ->
          new Probe.Broken(failed.code() + ": " + failed.message(), failed.hint());
      case JobState.Running running -> new Probe.Waiting(running.last().stage());
      case JobState.NotStarted _, JobState.Lost _ -> new Probe.Waiting("the check to start");
    };
  }

  private Probe room(MemberId member, Map<String, String> result) {
    long needed = Long.parseLong(Parameters.of(result, "bytes", "the check")) * TIMES_THE_TEXT;
    long free = platform.volume(member).freeBytes();
    return free >= needed
        ? new Probe.Reached(result)
        : new Probe.Broken(
            "%s: the restore may need %d MB, the volume has %d MB free"
                .formatted(member, needed / 1_000_000, free / 1_000_000),
            "nothing was touched; make room, for one by chrysalis aside list and drop");
  }

  @Override
  public void act(StepContext context) {
    Step step = context.step();
    List<String> task = new ArrayList<>(List.of("postgres", "check-dump"));
    task.addAll(DumpPlans.source(step));
    DumpPlans.roles(step).forEach((role, _) -> task.addAll(List.of("--role", role)));
    Map<String, String> _ = agents.run(context, DumpPlans.member(step), true, task);
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "aws s3 cp \"s3://$BUCKET/%s\" - | gunzip -c | tail -n 12   # ends with: dump complete"
            .formatted(Parameters.of(step, DumpPlans.KEY)));
  }
}
