package dev.chrysalis.cassandra.control;

import dev.chrysalis.cassandra.control.MemberView.Condition;
import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.FenceMember;
import dev.chrysalis.workloads.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Starts nodes, all at once, since each waits for others, and waits until each takes clients and
/// every serving node hears each, with one schema. For one that copies its data from others that
/// takes as long as the copying. Parameters: `workload`; `members`; `hosts-from`, the step that
/// chose what they were restored from: then each must come up as the node that it was; `stopped`.
/// Acts again on nodes that have cut themselves off, or end again and again.
///
/// Evidence: the `hostId` of each, by its name.
public record StartNodes(RingViews views) implements Action {
  public static final String NAME = "cassandra.start";
  static final String MEMBERS = "members";
  static final String HOSTS_FROM = "hosts-from";

  /// For who does it by hand: what was stopped before, `all` of the workload or `alone` some of its
  /// nodes. Left out where they run already.
  static final String STOPPED = "stopped";

  /// A server that has ended so often while it starts is started anew, as often as a step acts. One
  /// whose seeds still read their logs ends, too, and comes up later.
  private static final int MANY_ENDS = 4;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Probe probe(StepContext context) {
    RingState ring = views.of(Parameters.of(context.step(), RingSteps.WORKLOAD));
    Map<String, String> evidence = new TreeMap<>();
    List<MemberId> waiting = new ArrayList<>();
    for (MemberId id : members(context.step())) {
      Optional<MemberView> view = ring.member(id).filter(MemberView::serves);
      if (view.isEmpty() || !isHeard(ring, view.get())) {
        waiting.add(id);
        continue;
      }
      String hostId = view.get().hostId().orElse("");
      Optional<String> expected = expected(context, id);
      if (expected.isPresent() && !expected.get().equals(hostId)) {
        return new Probe.Broken(
            "%s came up as node %s, and was restored as %s".formatted(id, hostId, expected.get()),
            "see its log; a server must not have started before its files were whole");
      }
      evidence.put(id.toString(), hostId);
    }
    if (!waiting.isEmpty()) {
      return waitingFor(waiting, ring);
    }
    long schemas = ring.serving().stream().flatMap(v -> v.schema().stream()).distinct().count();
    return schemas == 1
        ? new Probe.Reached(evidence)
        : new Probe.Waiting("the nodes to agree on one schema");
  }

  private static Probe waitingFor(List<MemberId> waiting, RingState ring) {
    String all =
        waiting.stream()
            .map(id -> ring.member(id).map(StartNodes::doing).orElse(id + " to be there"))
            .collect(Collectors.joining("; "));
    return toBeRestarted(waiting, ring).isEmpty() ? new Probe.Waiting(all) : new Probe.Stalled(all);
  }

  /// Those that another start may bring further: whose copying has failed, or which have stopped to
  /// speak with the others; and those whose servers end again and again, once none of the ring is
  /// still on its way. Their count begins anew with that, and the times between their starts.
  private static List<MemberId> toBeRestarted(List<MemberId> members, RingState ring) {
    boolean settled = ring.members().stream().allMatch(v -> v.serves() || keepsEnding(v));
    return members.stream()
        .flatMap(id -> ring.member(id).stream())
        .filter(v -> v.condition() == Condition.CUT_OFF || (settled && keepsEnding(v)))
        .map(MemberView::id)
        .toList();
  }

  private static boolean keepsEnding(MemberView view) {
    return view.observed().restarts() >= MANY_ENDS
        && switch (view.condition()) {
          case DOWN_INTACT, DATA_LOST, UNKNOWN -> true;
          case SERVING, JOINING, CUT_OFF -> false;
        };
  }

  private static boolean isHeard(RingState ring, MemberView view) {
    return ring.serving().stream().allMatch(other -> other.hears(view.address()));
  }

  private static String doing(MemberView view) {
    return switch (view.condition()) {
      case SERVING -> view.id() + " to be heard by all others";
      case JOINING ->
          view.id()
              + (view.streams() > 0
                  ? " to copy its data (" + view.streams() + " streams)"
                  : " to join the ring");
      case CUT_OFF -> view.id() + " to speak with the others";
      case DOWN_INTACT, DATA_LOST, UNKNOWN ->
          view.id()
              + " to start"
              + (view.observed().lastExit().isEmpty()
                  ? ""
                  : " (ended %d times, last with %s: its log says why)"
                      .formatted(view.observed().restarts(), view.observed().lastExit()));
    };
  }

  private static Optional<String> expected(StepContext context, MemberId id) {
    String from = context.step().parameters().get(HOSTS_FROM);
    return from == null
        ? Optional.empty()
        : Optional.of(ChosenPart.of(context.choicesOf(from), id).hostId());
  }

  private static List<MemberId> members(Step step) {
    return Parameters.list(step, MEMBERS).stream().map(MemberId::parse).toList();
  }

  @Override
  public void act(StepContext context) {
    members(context.step()).forEach(id -> views.platform().unfence(context.token(), id));
    toBeRestarted(
            members(context.step()), views.of(Parameters.of(context.step(), RingSteps.WORKLOAD)))
        .forEach(id -> views.platform().restartMember(context.token(), id));
  }

  @Override
  public boolean undoable() {
    return true;
  }

  /// Stops the nodes again, with proof, so that their volumes can be exchanged.
  @Override
  public void giveBack(StepContext context) {
    members(context.step()).forEach(id -> FenceMember.stopAgain(views.platform(), context, id));
  }

  private static List<String> startByHand(Step step) {
    List<MemberId> nodes = members(step);
    return switch (step.parameters().getOrDefault(STOPPED, "")) {
      case "all" ->
          List.of(
              "kubectl scale statefulset/%s --replicas=%d -n \"$NAMESPACE\""
                  .formatted(Parameters.of(step, RingSteps.WORKLOAD), nodes.size()));
      case "alone" ->
          nodes.stream().flatMap(id -> FenceMember.startAloneByHand(id).stream()).toList();
      default -> List.of();
    };
  }

  @Override
  public List<String> byHand(Step step) {
    List<String> commands = new ArrayList<>(startByHand(step));
    commands.add("nodetool status          # until every node is UN, seen from every node");
    commands.add("nodetool describecluster # until there is one schema version");
    return List.copyOf(commands);
  }
}
