package dev.chrysalis.cassandra.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.WholeStore;
import java.util.List;

/// What of a ring decides on a plan, in words: as long as they are the same, the plan fits.
final class Gist {
  private Gist() {}

  /// For a plan that answers a situation. Not how many ranges have no quorum, which the others
  /// notice one after another.
  static String of(Situation situation, RingState ring) {
    return switch (situation) {
      case Situation.QuorumLost(var down, var lost, var _) ->
          "quorum lost, down %s, lost %s%s".formatted(down, lost, late(down, ring));
      case Situation.NodeDown(var nodes) -> situation + late(nodes, ring);
      case Situation.NodeCutOff(var nodes) -> situation + late(nodes, ring);
      case Situation.NodeLost(var _, var down) -> situation + late(down, ring);
      case Situation.NodeJoining _,
          Situation.SchemaSplit _,
          Situation.TablesDamaged _,
          Situation.NodeUnrepaired _,
          Situation.StoreLost _,
          Situation.DiskFull _,
          Situation.AllWell _,
          Situation.Unclear _ ->
          situation.toString();
    };
  }

  /// A plan repairs these.
  private static String late(List<MemberId> restarted, RingState ring) {
    List<MemberId> late = restarted.stream().filter(ring::missesMoreThanHints).toList();
    return late.isEmpty() ? "" : ", not all hints are kept for " + late;
  }

  /// For a plan that brings the whole ring back: not whether lost nodes come up empty meanwhile, as
  /// a platform has them do by itself.
  static WholeStore ofWholeRing(Situation situation, RingState ring) {
    boolean allLost = situation instanceof Situation.StoreLost;
    return WholeStore.of(
        ring.members(),
        MemberView::id,
        view -> allLost || ring.isLost(view) ? WholeStore.LOST : word(view));
  }

  private static String word(MemberView view) {
    return switch (view.condition()) {
      case SERVING -> WholeStore.SERVES;
      case CUT_OFF -> "is cut off";
      case JOINING -> "is starting";
      case DOWN_INTACT -> "is down";
      case DATA_LOST -> WholeStore.LOST;
      case UNKNOWN -> "does not tell";
    };
  }
}
