package dev.chrysalis.cassandra.control;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepKind;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.MemberSteps;
import dev.chrysalis.workloads.PlanFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Plans that put another state of the whole ring in the place of the one that is there. Pure.
///
/// 1. The restore point of every node is chosen and checked before anything is touched.
/// 2. Clients are stopped. Where the ring still takes writes and goes back to a moment, the vault
///    has all of its logs before anything else.
/// 3. All nodes are stopped; each gets its own files back beside itself, all at once, into an empty
///    volume; all are started together and must come up as the nodes that they were. Up to here a
///    failure gives everything back.
/// 4. All rows are compared with what they were restored from, as long as nobody writes.
/// 5. What was restored is accepted: the point of no return. A node that is behind the others is
///    repaired; clients return; the other nodes are repaired, since each was restored to its own
///    last moment. At the end rows that differed are told, which fails the run.
record RestorePlans(RingSteps parts) {
  private static final String POINT = "choose-restore-point";
  private static final String END_OF_LOG = "await-end-of-log";
  private static final String START = "start-ring";
  private static final String COMPARE = "compare-rows";
  private static final String ACCEPT = "accept";
  private static final String GROUP = "restore";

  /// To look at it again, and where its agent does not answer at once.
  private static final Duration COMPARE_GRACE = Duration.ofMinutes(15);

  Plan storeLost() {
    List<MemberId> nodes = parts.state().ids();
    List<Step> steps = new ArrayList<>(parts.beginWhole());
    steps.add(
        parts
            .choosePoint(POINT, nodes)
            .title("Choose all that the vault has of each node and check that it is complete")
            .build());
    restoreAll(steps, nodes, stop(steps));
    steps.add(accept(compare(steps, nodes), Optional.empty()));
    steps.add(
        parts
            .step("state-loss", StateLoss.NAME)
            .title("State what is lost")
            .with(RestoreNode.POINT_FROM, POINT)
            .after(ACCEPT)
            .expected(Duration.ofSeconds(1))
            .build());
    serve(steps, nodes, parts.forecast().behind(), forgetStart(steps, nodes));
    return parts.plan(
        "store-lost",
        "Restore the own files of %s from the vault, all at once, and start the ring as it was."
            .formatted(nodes),
        "what was acknowledged after the newest moment in the vault (%s)%s%s"
            .formatted(
                parts.forecast().recoveryPointAge(),
                behind(parts.forecast().behind()),
                cameUpEmpty()
                    ? ", and what was written since the ring came up empty; the vault keeps what it has of that"
                    : ""),
        steps);
  }

  Plan dataCorrupted(CassandraPlans.Target target) {
    List<MemberId> nodes = parts.state().ids();
    List<Step> steps = new ArrayList<>(parts.beginWhole());
    steps.add(
        parts
            .choosePoint(POINT, nodes)
            .title("Choose what brings every node to " + target.to() + " and check it")
            .with(ChooseRestorePoint.TARGET, target.to().toString())
            .build());
    List<String> stopped = stop(steps);
    Optional<String> measured = Optional.empty();
    List<MemberId> serving = RingState.ids(parts.state().serving());
    // Of a ring that came up empty nothing goes into the log of the one that is meant.
    if (!serving.isEmpty() && !cameUpEmpty()) {
      steps.add(awaitEndOfLog(serving, stopped));
      stopped = List.of(END_OF_LOG);
      measured = Optional.of(END_OF_LOG);
    }
    restoreAll(steps, nodes, stopped);
    steps.add(accept(compare(steps, nodes), measured));
    serve(steps, nodes, target.behind(), forgetStart(steps, nodes));
    return parts.plan(
        "data-corrupted",
        "Bring the ring of %s back to %s: each node's own files and its log up to then, all at once."
            .formatted(nodes, target.to()),
        "what was written from %s to %s, by the vault now; told again when the writers are stopped%s"
            .formatted(
                target.to(),
                target.heldUntil().map(Object::toString).orElse("now"),
                behind(target.behind())),
        parts.stack().objectives().corruption(),
        steps);
  }

  private static String behind(List<RestorePoints.Behind> nodes) {
    return nodes.isEmpty()
        ? ""
        : "; logs that ended before, of nodes that are repaired before clients return: "
            + RestorePoints.Behind.text(nodes);
  }

  private boolean cameUpEmpty() {
    return parts.found() instanceof Situation.StoreLost(var _, boolean cameUpNew) && cameUpNew;
  }

  /// Stops all that use the store. Returns what has to be done before anything else stops.
  private List<String> stop(List<Step> steps) {
    List<Step> stopped = parts.clients().stopAll(POINT, GROUP);
    steps.addAll(stopped);
    List<String> ids = new ArrayList<>(List.of(POINT));
    stopped.stream().map(Step::id).forEach(ids::add);
    return ids;
  }

  private Step awaitEndOfLog(List<MemberId> serving, List<String> stopped) {
    return parts
        .step(END_OF_LOG, AwaitLog.NAME)
        .title("Wait until the vault has all that was written, and tell what is left out")
        .with(AwaitLog.MEMBERS, MemberSteps.names(serving))
        .with(RestoreNode.POINT_FROM, POINT)
        .after(stopped)
        .expected(Duration.ofSeconds(15))
        .deadline(Duration.ofMinutes(30))
        .undoGroup(GROUP)
        .build();
  }

  private void restoreAll(List<Step> steps, List<MemberId> nodes, List<String> before) {
    List<String> fenced = new ArrayList<>();
    for (MemberId node : nodes) {
      Step fence =
          MemberSteps.fence(node, "Stop " + node + " and keep it stopped", before.getFirst())
              .after(before)
              .undoGroup(GROUP)
              .build();
      steps.add(fence);
      fenced.add(fence.id());
    }
    List<String> restored = new ArrayList<>();
    for (MemberId node : nodes) {
      steps.add(MemberSteps.setAside(node, fenced).destructive().undoGroup(GROUP).build());
      Step restore =
          parts.restore(node, POINT, List.of("set-aside-" + node)).undoGroup(GROUP).build();
      steps.add(restore);
      restored.add(restore.id());
    }
    steps.add(
        parts
            .start(START, nodes, restored)
            .title("Start all nodes and see that they are the ring that they were")
            .with(StartNodes.HOSTS_FROM, POINT)
            .with(StartNodes.STOPPED, "all")
            .deadline(RingSteps.STARTS_WITHIN)
            .undoGroup(GROUP)
            .build());
  }

  /// Before anybody writes, and not to be given back: a difference is told, and is no reason to go
  /// back to what was lost. Returns what comes before the ring is accepted.
  private String compare(List<Step> steps, List<MemberId> nodes) {
    Duration within = parts.ring().compareWithin();
    if (within.isZero()) {
      return START;
    }
    steps.add(
        parts
            .step(COMPARE, CompareRows.NAME)
            .title("Compare all rows, at ALL and at QUORUM, with what was restored")
            .with("member", nodes.getFirst().toString())
            .with(CompareRows.MEMBERS, MemberSteps.names(nodes))
            .with(RestoreNode.POINT_FROM, POINT)
            .with(CompareRows.WITHIN, Long.toString(within.toSeconds()))
            .after(START)
            .expected(parts.forecast().restore())
            .deadline(within.plus(COMPARE_GRACE))
            .build());
    return COMPARE;
  }

  /// One after another. Returns what comes before all else.
  private List<String> repairAll(List<Step> steps, List<MemberId> nodes, List<String> after) {
    List<String> repaired = after;
    for (MemberId node : nodes) {
      Step repair = parts.repair(node, repaired);
      steps.add(repair);
      repaired = List.of(repair.id());
    }
    return repaired;
  }

  private Step accept(String after, Optional<String> measured) {
    var accept =
        parts
            .step(ACCEPT, AcceptRestored.NAME)
            .title("Let the ring serve with what was restored")
            .with(AcceptRestored.STARTED_BY, START)
            .kind(StepKind.POINT_OF_NO_RETURN)
            .after(after)
            .expected(Duration.ofSeconds(2));
    measured.ifPresent(by -> accept.with(AcceptRestored.MEASURED_BY, by));
    return accept.build();
  }

  /// Before anybody writes: a node that starts once more so would pass over what was written since.
  private List<String> forgetStart(List<Step> steps, List<MemberId> nodes) {
    List<String> forgotten = new ArrayList<>();
    for (MemberId node : nodes) {
      Step forget = parts.forgetStart(node, ACCEPT);
      steps.add(forget);
      forgotten.add(forget.id());
    }
    return forgotten;
  }

  /// A node that lacks what only some of the others have is repaired before anybody reads: also
  /// where rows are not compared, a quorum is right then, and counters go on from the right number.
  private void serve(
      List<Step> steps,
      List<MemberId> nodes,
      List<RestorePoints.Behind> behind,
      List<String> accepted) {
    List<MemberId> first = behind.stream().map(RestorePoints.Behind::member).toList();
    List<String> ready = repairAll(steps, first, accepted);
    List<Step> started = parts.clients().startAll(nodes.getFirst(), ready);
    steps.addAll(started);
    List<String> served = started.isEmpty() ? ready : PlanFrame.ends(started);
    List<String> _ =
        repairAll(steps, nodes.stream().filter(node -> !first.contains(node)).toList(), served);
    steps.add(parts.protect(nodes, served));
    steps.add(parts.awaitLog(nodes, List.of(PlanFrame.PROTECT)));
    steps.add(PlanFrame.verify(steps));
    if (steps.stream().anyMatch(step -> step.id().equals(COMPARE))) {
      steps.add(
          parts
              .step("state-rows", StateRows.NAME)
              .title("Answer for the rows")
              .with(StateRows.COMPARED_BY, COMPARE)
              .after(PlanFrame.VERIFY)
              .expected(Duration.ofSeconds(1))
              .build());
    }
  }
}
