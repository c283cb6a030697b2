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
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.job.JobState;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.workloads.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Restores a fenced member over the cluster in its volume, by the agent beside it: only what
/// differs is written. Parameters: `member`; `point-from`, the step that chose the restore point;
/// `no-way-back`: whether nothing of what is replaced is kept; `to`, the goal, for the runbook.
///
/// Taken back by the agent, with the server fenced, as long as none was started on the directory:
/// so it must not share its undo group with a step that starts one. Repeated it leads to the same
/// end, also where it is a point of no return.
public record RestoreInPlace(Platform platform, PostgresAgents agents) implements Action {
  public static final String NAME = "postgres.restore-in-place";
  static final String NO_WAY_BACK = "no-way-back";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    return context.choicesOf(Parameters.of(context.step(), "point-from"));
  }

  @Override
  public Probe probe(StepContext context) {
    return context.choices().isEmpty()
        ? new Probe.Waiting("the restore in place")
        : RestoreMember.probe(agents.state(context, member(context)));
  }

  /// What earlier runs left at work on the volume is ended first.
  @Override
  public void act(StepContext context) {
    MemberId member = member(context);
    if (agents.state(context, member) instanceof JobState.NotStarted) {
      agents.quiet(context, member);
    }
    List<String> task = new ArrayList<>(RestoreMember.task(context.choices()));
    task.addAll(List.of("--name", RestoreMember.nameOf(context), "--in-place"));
    if (keepsNothing(context.step())) {
      task.add("--no-way-back");
    }
    Map<String, String> _ = agents.run(context, member, true, task);
  }

  @Override
  public Reconciled reconcile(StepContext context) {
    return switch (agents.state(context, member(context))) {
      case JobState.Done done -> new Reconciled.Happened(done.result());
      case JobState.NotStarted _, JobState.Running _, JobState.Failed _, JobState.Lost _ ->
          new Reconciled.DidNotHappen("it has not ended; repeated, it goes on where it was");
    };
  }

  @Override
  public boolean undoable() {
    return true;
  }

  @Override
  public void giveBack(StepContext context) {
    MemberId member = member(context);
    fence(context, member);
    if (!agents.takesBack(context, member)) {
      agents.quiet(context, member);
    }
    if (!changed(context, member)) {
      return;
    }
    try {
      agents.takeBack(
          context, member, List.of("postgres", "restore", "--undo", RestoreMember.nameOf(context)));
    } catch (ChrysalisException e) {
      // Its process may have been lost right behind its work.
      if (!e.code().equals(PlatformErrors.JOB_FAILED) || changed(context, member)) {
        throw e;
      }
    }
    context.note("the data of " + member + " is back as it was");
  }

  private void fence(StepContext context, MemberId member) {
    Fencing fencing = platform.fence(context.token(), member, "run " + context.run() + " undone");
    if (!(fencing instanceof Fencing.Proven)) {
      throw new ChrysalisException(
          PostgresErrors.SERVER_RUNNING,
          member + " could not be stopped: " + fencing,
          "see what runs there, then resume the run");
    }
  }

  /// Whether the directory carries the mark of this restore.
  private boolean changed(StepContext context, MemberId member) {
    Map<String, String> status = agents.status(member);
    if (!status.containsKey("data")) {
      throw new ChrysalisException(
          PlatformErrors.UNREACHABLE,
          "the agent of %s does not say what lies in its volume: %s".formatted(member, status),
          "see that it runs, then resume the run");
    }
    return RestoreMember.nameOf(context).equals(status.get("data.restoredBy"));
  }

  @Override
  public List<String> byHand(Step step) {
    String command =
        "chrysalis agent postgres restore --in-place --name by-hand --to "
            + step.parameters().getOrDefault("to", "latest");
    if (keepsNothing(step)) {
      return List.of(
          "# with the server stopped for good, in a pod that mounts its volume; there is no way back",
          command + " --no-way-back");
    }
    return List.of(
        "# with the server stopped for good, in a pod that mounts its volume",
        command,
        "# as long as no server was started on it, this brings the old data back:",
        "# chrysalis agent postgres restore --undo by-hand");
  }

  private static boolean keepsNothing(Step step) {
    return step.parameters().containsKey(NO_WAY_BACK);
  }

  private static MemberId member(StepContext context) {
    return MemberId.parse(Parameters.of(context.step(), "member"));
  }
}
