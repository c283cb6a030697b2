package dev.chrysalis.cassandra.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Restores a stopped node's own files into its empty volume, by the agent beside it. Parameters:
/// `member`; `point-from`, the step that chose what from.
public record RestoreNode(CassandraAgents agents) implements Action {
  public static final String NAME = "cassandra.restore";
  static final String POINT_FROM = "point-from";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    return context.choicesOf(Parameters.of(context.step(), POINT_FROM));
  }

  @Override
  public Probe probe(StepContext context) {
    return context.choices().isEmpty()
        ? new Probe.Waiting("the restore")
        : agents.probe(context, RingSteps.member(context.step()), "the restore");
  }

  @Override
  public void act(StepContext context) {
    MemberId member = RingSteps.member(context.step());
    ChosenPart part = ChosenPart.of(context.choices(), member);
    List<String> task =
        new ArrayList<>(List.of("cassandra", "restore", "--snapshot", part.snapshot()));
    part.log().ifPresent(log -> task.addAll(List.of("--log", log)));
    String to = context.choices().getOrDefault(ChooseRestorePoint.TO, "");
    if (!to.isEmpty()) {
      task.addAll(List.of("--to", to));
    }
    // A later attempt goes on with what an earlier one of the same name left half-restored.
    task.addAll(
        List.of("--name", (context.run() + "-" + context.step().id()).toLowerCase(Locale.ROOT)));
    Map<String, String> _ = agents.run(context, member, task);
  }

  @Override
  public boolean undoable() {
    return true;
  }

  /// The old data comes back: its server must not end its replay at the moment that was meant for
  /// what was restored.
  @Override
  public void giveBack(StepContext context) {
    agents.takeBack(
        context, RingSteps.member(context.step()), List.of("cassandra", "started", "--stopped"));
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "# with the server stopped, in a pod that mounts the volume of " + RingSteps.member(step),
        "CHRYSALIS_MEMBER=%s chrysalis agent cassandra restore   # with --to TIME for a moment"
            .formatted(RingSteps.member(step)));
  }
}
