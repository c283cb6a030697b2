package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.job.JobState;
import dev.chrysalis.workloads.Members;
import dev.chrysalis.workloads.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Restores a stopped member's empty volume from the vault, by the agent beside it. Parameters:
/// `member`; either `point-from` (the step that chose the restore point: the member becomes a
/// primary that recovers to it; `to`, the goal, for the runbook), or `primary` or `primary-from`
/// (the member becomes a standby of that primary).
public record RestoreMember(Platform platform, PostgresAgents agents) implements Action {
  public static final String NAME = "postgres.restore";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    if (context.step().parameters().containsKey("point-from")) {
      return context.choicesOf(Parameters.of(context.step(), "point-from"));
    }
    MemberId primary = Primary.of(context);
    String address = Members.find(platform, primary).map(Member::address).orElse("");
    return Map.of("primary", primary.toString(), "address", address);
  }

  @Override
  public Probe probe(StepContext context) {
    if (context.choices().isEmpty()) {
      return new Probe.Waiting("the restore");
    }
    return probe(agents.state(context, member(context)));
  }

  /// What the job of a restore tells of it.
  static Probe probe(JobState job) {
    return switch (job) {
      case JobState.Done done -> new Probe.Reached(done.result());
      case JobState.Failed failed ->
          new Probe.Broken(failed.code() + ": " + failed.message(), failed.hint());
      case JobState.Running running -> new Probe.Waiting(running.last().stage());
      case JobState.NotStarted _, JobState.Lost _ -> new Probe.Waiting("the restore to start");
    };
  }

  @Override
  public void act(StepContext context) {
    List<String> task = new ArrayList<>(task(context.choices()));
    // A later attempt goes on with what an earlier one of the same name left half-restored.
    task.addAll(List.of("--name", nameOf(context)));
    Map<String, String> _ = agents.run(context, member(context), true, task);
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "# with the server stopped and its volume empty, in a pod that mounts the volume",
        step.parameters().containsKey("point-from")
            ? "chrysalis agent postgres restore --to "
                + step.parameters().getOrDefault("to", "latest")
            : "chrysalis agent postgres restore --as-standby --make-slot --primary-host \"$PRIMARY\"");
  }

  static String nameOf(StepContext context) {
    return nameOf(context.run(), context.step().id());
  }

  /// What the restore of a step is called beside the member, and in the mark that it leaves.
  static String nameOf(String run, String step) {
    return (run + "-" + step).toLowerCase(Locale.ROOT);
  }

  static List<String> task(Map<String, String> choices) {
    List<String> task = new ArrayList<>(List.of("postgres", "restore"));
    if (choices.containsKey("snapshot")) {
      task.addAll(List.of("--snapshot", choices.getOrDefault("snapshot", "")));
      task.addAll(List.of("--to", "lsn:" + choices.getOrDefault("target", "")));
      task.addAll(List.of("--timeline", choices.getOrDefault("timeline", "")));
    } else {
      task.addAll(List.of("--as-standby", "--primary-host", choices.getOrDefault("address", "")));
      task.add("--make-slot");
    }
    return task;
  }

  private static MemberId member(StepContext context) {
    return MemberId.parse(Parameters.of(context.step(), "member"));
  }
}
