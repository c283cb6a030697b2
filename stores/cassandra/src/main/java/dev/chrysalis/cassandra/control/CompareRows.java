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
import dev.chrysalis.workloads.MemberAgents;
import dev.chrysalis.workloads.Parameters;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
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
public record CompareRows(CassandraAgents agents, InstantSource clock) implements Action {
  private static final String GIVE_UP = "giveUp";

  /// For an agent that does not answer at once, and what it does before it looks at its time.
  private static final Duration GRACE = Duration.ofMinutes(5);

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
    Map<String, String> choices =
        new HashMap<>(context.choicesOf(Parameters.of(context.step(), RestoreNode.POINT_FROM)));
    Duration within = Duration.ofSeconds(Long.parseLong(Parameters.of(context.step(), WITHIN)));
    choices.put(GIVE_UP, clock.instant().plus(within).plus(GRACE).toString());
    return choices;
  }

  @Override
  public Probe probe(StepContext context) {
    if (context.choices().isEmpty()) {
      return new Probe.Waiting("the comparison");
    }
    try {
      return found(context, agents.state(context, RingSteps.member(context.step())));
    } catch (ChrysalisException e) {
      if (!isGivenUp(context)) {
        throw e;
      }
      return notCompared(e.code() + ": " + e.getMessage());
    }
  }

  private Probe found(StepContext context, JobState state) {
    return switch (state) {
      case JobState.Done done -> new Probe.Reached(done.result());
      case JobState.Failed failed ->
          failed.code().equals(CassandraErrors.ROWS_DIFFER.toString())
              ? new Probe.Reached(Map.of(DIFFER, failed.code() + ": " + failed.message()))
              : notCompared(failed.code() + ": " + failed.message());
      case JobState.Lost lost ->
          lost.attempt() < MemberAgents.ATTEMPTS && !isGivenUp(context)
              ? new Probe.Waiting("the comparison to start again")
              : notCompared("the agent's process was lost");
      case JobState.Running running -> new Probe.Waiting(running.last().stage());
      case JobState.NotStarted _ ->
          isGivenUp(context)
              ? notCompared("the agent has not begun")
              : new Probe.Waiting("the comparison to start");
    };
  }

  private static Probe notCompared(String why) {
    return new Probe.Reached(Map.of(NOT_COMPARED, why));
  }

  private boolean isGivenUp(StepContext context) {
    return clock.instant().isAfter(Instant.parse(context.choices().getOrDefault(GIVE_UP, "")));
  }

  /// What fails here is seen by the next probe, or by one after the time is over.
  @Override
  public void act(StepContext context) {
    try {
      Map<String, String> _ = agents.run(context, RingSteps.member(context.step()), task(context));
    } catch (ChrysalisException e) {
      Category kind = e.code().category();
      boolean passes = kind == Category.PLATFORM && !isGivenUp(context);
      if (passes || kind == Category.LEASE || kind == Category.INTERRUPTED) {
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
        "# with what the restores named, of each node; without it the newest in the vault is taken,"
            + " which soon is this ring itself",
        "chrysalis agent cassandra compare --part NODE=SNAPSHOT,LOG …   # and --to TIME for a moment");
  }
}
