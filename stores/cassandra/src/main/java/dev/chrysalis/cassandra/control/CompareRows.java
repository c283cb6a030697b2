package dev.chrysalis.cassandra.control;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.job.JobState;
import dev.chrysalis.workloads.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Compares all rows of the ring with what its nodes were restored from, by one node's agent, while
/// nobody writes yet: their number and digest, at ALL and at QUORUM. Changes nothing, but that a
/// read at ALL repairs replicas that differ.
///
/// It never keeps a ring from serving: what was restored is all that there is, and a comparison
/// that cannot be made, or takes too long, says nothing against it. What it found is told by
/// `StateRows`, at the end.
///
/// Parameters: `member`, whose agent does it; `point-from`, the step that chose what from;
/// `members`; `within`, how many seconds it may take.
///
/// Evidence: that of `agent cassandra compare`; `differ` or `notCompared`, why.
public record CompareRows(CassandraAgents agents) implements Action {
  public static final String NAME = "cassandra.compare-rows";
  static final String MEMBERS = "members";
  static final String WITHIN = "within";
  static final String DIFFER = "differ";
  static final String NOT_COMPARED = "notCompared";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    return context.choicesOf(Parameters.of(context.step(), RestoreNode.POINT_FROM));
  }

  @Override
  public Probe probe(StepContext context) {
    if (context.choices().isEmpty()) {
      return new Probe.Waiting("the comparison");
    }
    return switch (agents.state(context, RingSteps.member(context.step()))) {
      case JobState.Done done -> new Probe.Reached(done.result());
      case JobState.Failed failed -> new Probe.Reached(found(failed));
      case JobState.Lost _ ->
          new Probe.Reached(Map.of(NOT_COMPARED, "the agent's process was lost"));
      case JobState.Running running -> new Probe.Waiting(running.last().stage());
      case JobState.NotStarted _ -> new Probe.Waiting("the comparison to start");
    };
  }

  private static Map<String, String> found(JobState.Failed failed) {
    String kind =
        failed.code().equals(CassandraErrors.ROWS_DIFFER.toString()) ? DIFFER : NOT_COMPARED;
    return Map.of(kind, failed.code() + ": " + failed.message());
  }

  @Override
  public void act(StepContext context) {
    try {
      Map<String, String> _ = agents.run(context, RingSteps.member(context.step()), task(context));
    } catch (ChrysalisException e) {
      boolean over =
          switch (agents.state(context, RingSteps.member(context.step()))) {
            case JobState.Failed _, JobState.Lost _, JobState.Done _ -> true;
            case JobState.Running _, JobState.NotStarted _ -> false;
          };
      if (!over || e.code().category() == Category.INTERRUPTED) {
        throw e;
      }
      context.note("not all rows are known to be there: " + e.code() + ": " + e.getMessage());
    }
  }

  private static List<String> task(StepContext context) {
    List<String> task = new ArrayList<>(List.of("cassandra", "compare"));
    for (String name : Parameters.list(context.step(), MEMBERS)) {
      ChosenPart part = ChosenPart.of(context.choices(), MemberId.parse(name));
      String log = part.log().map(stretch -> "," + stretch).orElse("");
      task.addAll(List.of("--part", name + "=" + part.snapshot() + log));
    }
    String to = context.choices().getOrDefault(ChooseRestorePoint.TO, "");
    if (!to.isEmpty()) {
      task.addAll(List.of("--to", to));
    }
    task.addAll(List.of("--within", Parameters.of(context.step(), WITHIN)));
    return task;
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "# beside " + RingSteps.member(step) + ", before anybody writes",
        "chrysalis agent cassandra compare   # with --to TIME for a moment");
  }
}
