package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.platform.job.JobState;
import dev.chrysalis.workloads.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Restores a stopped member's empty volume from the vault, by the agent beside it. Parameters:
/// `member`; `point-from`, the step that chose the restore point; `to`, the goal, for the runbook.
public record RestoreMember(RedisAgents agents) implements Action {
  public static final String NAME = "redis.restore";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    return context.choicesOf(Parameters.of(context.step(), StateLoss.POINT_FROM));
  }

  @Override
  public Probe probe(StepContext context) {
    return context.choices().isEmpty()
        ? new Probe.Waiting("the restore")
        : probe(agents.state(context, ConfigureMember.member(context.step())), "the restore");
  }

  /// What a step's job tells of it.
  ///
  /// @param what what the job does, for who waits
  static Probe probe(JobState job, String what) {
    return switch (job) {
      case JobState.Done done -> new Probe.Reached(done.result());
      case JobState.Failed failed ->
          new Probe.Broken(failed.code() + ": " + failed.message(), failed.hint());
      case JobState.Running running -> new Probe.Waiting(running.last().stage());
      case JobState.NotStarted _, JobState.Lost _ -> new Probe.Waiting(what + " to start");
    };
  }

  @Override
  public void act(StepContext context) {
    List<String> task = new ArrayList<>(task(context.choices()));
    // A later attempt goes on with what an earlier one of the same name left half-restored.
    task.addAll(List.of("--name", nameOf(context)));
    Map<String, String> _ = agents.run(context, ConfigureMember.member(context.step()), true, task);
  }

  /// What the restore of a step is called beside the member.
  static String nameOf(StepContext context) {
    return (context.run() + "-" + context.step().id()).toLowerCase(Locale.ROOT);
  }

  private static List<String> task(Map<String, String> point) {
    List<String> task = new ArrayList<>(List.of("redis", "restore"));
    task.addAll(List.of("--snapshot", Parameters.of(point, "snapshot", "the journal")));
    String log = point.getOrDefault("log", "");
    if (!log.isEmpty()) {
      task.addAll(List.of("--log", log, "--to", Parameters.of(point, "to", "the journal")));
    }
    return task;
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "# with the server stopped and its volume empty, in a pod that mounts the volume;",
        "# the snapshot, the log and its end: chrysalis restore-points",
        "chrysalis agent redis restore --snapshot \"$SNAPSHOT\" --log \"$LOG\" --to \"$POSITION\"");
  }
}
