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
import java.util.stream.Stream;

/// Plans while some of the ring's nodes have their data. Pure.
///
/// A node whose data is there is restarted. One whose data is gone is replaced while the others
/// have a quorum of all ranges: it copies its data from them. Where they have not, what only the
/// lost nodes acknowledged would be gone with that: their own files come from the vault instead,
/// and they come back as the nodes that they were. Whatever missed writes for longer than hints are
/// kept, or came back another way than by its own files, is repaired.
record NodePlans(RingSteps parts) {
  private static final String TOGETHER = "await-ring";
  private static final String POINT = "choose-restore-point";

  /// Restarts nodes whose data is there.
  Plan restart(String scenario, List<MemberId> nodes) {
    List<Step> steps = new ArrayList<>(parts.begin());
    List<String> together = together(steps, nodes);
    // One that was taking another's place has taken it now.
    nodes.forEach(node -> steps.add(parts.forgetStart(node, "await-ring")));
    String repaired = repairLate(steps, nodes, together);
    end(steps, nodes, together);
    return parts.plan(
        scenario,
        "Restart %s and wait until the ring is whole.%s".formatted(nodes, repaired),
        "nothing",
        steps);
  }

  private String repairLate(List<Step> steps, List<MemberId> nodes, List<String> after) {
    List<MemberId> late = nodes.stream().filter(parts.state()::missesMoreThanHints).toList();
    late.forEach(node -> steps.add(parts.repair(node, after)));
    return late.isEmpty()
        ? ""
        : " Repair %s, of which hints may not be kept any more.".formatted(late);
  }

  /// Replaces nodes whose data is gone, one after another: each copies from all others.
  Plan replace(Situation.NodeLost found) {
    List<Step> steps = new ArrayList<>(parts.begin());
    List<String> before = List.of(PlanFrame.CONFIRM);
    if (!found.down().isEmpty()) {
      before = together(steps, found.down());
    }
    for (MemberId lost : found.lost()) {
      before = List.of(replace(steps, lost, before));
    }
    // Once none is away any more: a repair wants all replicas.
    List<String> replaced = before;
    found.lost().forEach(lost -> steps.add(parts.repair(lost, replaced)));
    String repaired = repairLate(steps, found.down(), before);
    end(steps, Stream.concat(found.down().stream(), found.lost().stream()).toList(), before);
    return parts.plan(
        found.scenario(),
        "Replace %s: an empty node takes its tokens and copies its data from the others; then repair it.%s"
            .formatted(found.lost(), repaired),
        "nothing that a quorum acknowledged",
        steps);
  }

  private String replace(List<Step> steps, MemberId lost, List<String> after) {
    Step fence = parts.fence(lost, after);
    Step aside = MemberSteps.setAside(lost, List.of(fence.id())).destructive().build();
    Step prepare =
        parts
            .step("replace", lost, PrepareReplacement.NAME)
            .title("Tell " + lost + " whose place it takes, once the others know that it is gone")
            .after(aside.id())
            .expected(Duration.ofSeconds(20))
            .deadline(RingSteps.STARTS_WITHIN)
            .build();
    Step start =
        parts
            .start("start-" + lost, List.of(lost), List.of(prepare.id()))
            .title("Start " + lost + " and wait until it has copied its data and joined")
            .with(StartNodes.STOPPED, "alone")
            .expected(parts.forecast().restore())
            .build();
    Step accept =
        parts.accept(
            "accept-" + lost,
            "Let " + lost + " stay: it has what it had, and takes writes",
            start.id());
    Step forget = parts.forgetStart(lost, accept.id());
    steps.addAll(List.of(fence, aside, prepare, start, accept, forget));
    return forget.id();
  }

  /// Takes damaged SSTables out of nodes, one node after another, and has the others fill the gaps.
  Plan mend(Situation.TablesDamaged found) {
    List<Step> steps = new ArrayList<>(parts.begin());
    List<String> before = List.of(PlanFrame.CONFIRM);
    for (MemberId node : found.nodes()) {
      // Where its own tables are damaged nothing is touched, and it serves on.
      String group = "mend-" + node;
      Step fence = parts.fencing(node, before).undoGroup(group).build();
      Step aside =
          parts
              .step("set-damaged-aside", node, NodeTask.SET_DAMAGED_ASIDE)
              .title("Check all SSTables of " + node + " and set those aside that are damaged")
              .after(fence.id())
              .expected(parts.forecast().backup())
              .deadline(RingSteps.STARTS_WITHIN)
              .undoGroup(group)
              .build();
      Step start =
          parts
              .start("start-" + node, List.of(node), List.of(aside.id()))
              .title("Start " + node + " without them")
              .with(StartNodes.STOPPED, "alone")
              .deadline(RingSteps.STARTS_WITHIN)
              .build();
      Step repair = parts.repair(node, List.of(start.id()));
      steps.addAll(List.of(fence, aside, start, repair));
      before = List.of(repair.id());
    }
    Step protect = parts.protect(found.nodes(), before);
    steps.add(protect);
    end(steps, found.nodes(), List.of(protect.id()));
    return parts.plan(
        found.scenario(),
        "Take damaged SSTables out of %s, and repair it from the others.".formatted(found.nodes()),
        "what the damaged SSTables alone have: rows of keyspaces with one replica",
        steps);
  }

  /// Repairs nodes one after another: each repair wants the others' disks.
  Plan repair(Situation.NodeUnrepaired found) {
    List<Step> steps = new ArrayList<>(parts.begin());
    List<String> before = List.of(PlanFrame.CONFIRM);
    for (MemberId node : found.nodes()) {
      Step repair = parts.repair(node, before);
      steps.add(repair);
      before = List.of(repair.id());
    }
    end(steps, found.nodes(), before);
    return parts.plan(
        found.scenario(),
        "Repair %s: no hints were kept of all that was written while they were away."
            .formatted(found.nodes()),
        "nothing",
        steps);
  }

  /// Brings so many nodes back that all ranges have a quorum.
  Plan bringBack(Situation.QuorumLost found) {
    List<Step> steps = new ArrayList<>(parts.begin());
    List<MemberId> all =
        Stream.concat(found.down().stream(), found.lost().stream()).sorted().toList();
    List<String> up =
        found.lost().isEmpty() ? together(steps, found.down()) : restoreLost(steps, found, all);
    String repaired = repairLate(steps, found.down(), up);
    for (MemberId lost : found.lost()) {
      List<String> after = new ArrayList<>(up);
      after.add("forget-start-" + lost);
      steps.add(parts.repair(lost, after));
    }
    end(steps, all, up);
    String lost =
        found.lost().isEmpty()
            ? ""
            : " Restore the own files of %s from the vault, then repair them."
                .formatted(found.lost());
    String restarted =
        found.down().isEmpty() ? "" : "Restart %s, all at once.".formatted(found.down());
    return parts.plan(
        found.scenario(),
        (restarted + lost + repaired).strip(),
        found.lost().isEmpty()
            ? "nothing"
            : "what only the lost nodes had of the last moments (%s)"
                .formatted(parts.forecast().recoveryPointAge()),
        steps);
  }

  private List<String> restoreLost(
      List<Step> steps, Situation.QuorumLost found, List<MemberId> all) {
    steps.add(
        parts
            .choosePoint(POINT, found.lost())
            .title("Choose what the lost nodes are restored from and check that it is complete")
            .build());
    List<String> ready = new ArrayList<>();
    for (MemberId lost : found.lost()) {
      Step fence = parts.fence(lost, List.of(POINT));
      Step aside = MemberSteps.setAside(lost, List.of(fence.id())).destructive().build();
      Step restore = parts.restore(lost, POINT, List.of(aside.id())).build();
      steps.addAll(List.of(fence, aside, restore));
      ready.add(restore.id());
    }
    // Beside the others: a node that is restarted may wait for a seed that was lost.
    List<String> restarted = parts.restart(steps, found.down(), PlanFrame.CONFIRM);
    steps.add(
        parts
            .start("start-lost", found.lost(), ready)
            .title("Start " + found.lost() + " as the nodes that they were")
            .with(StartNodes.HOSTS_FROM, POINT)
            .with(StartNodes.STOPPED, "alone")
            .build());
    steps.add(
        parts.accept(
            "accept-lost",
            "Let " + found.lost() + " stay: they take writes from now on",
            "start-lost"));
    found.lost().forEach(lost -> steps.add(parts.forgetStart(lost, "accept-lost")));
    List<String> started = new ArrayList<>(restarted);
    started.add("accept-lost");
    Step whole = whole(all, started);
    steps.add(whole);
    return List.of(whole.id());
  }

  private List<String> together(List<Step> steps, List<MemberId> nodes) {
    Step whole = whole(nodes, parts.restart(steps, nodes, PlanFrame.CONFIRM));
    steps.add(whole);
    return List.of(whole.id());
  }

  private Step whole(List<MemberId> nodes, List<String> after) {
    return parts
        .start(TOGETHER, nodes, after)
        .title("Wait until every node hears every other")
        .kind(StepKind.CONVERGENT)
        .deadline(RingSteps.STARTS_WITHIN)
        .build();
  }

  private void end(List<Step> steps, List<MemberId> nodes, List<String> up) {
    steps.addAll(parts.clients().awaitOthers(up));
    steps.add(parts.awaitLog(nodes, up));
    steps.add(PlanFrame.verify(steps));
  }
}
