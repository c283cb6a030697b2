package dev.chrysalis.cassandra.control;

import dev.chrysalis.model.MemberId;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// What of a ring decides on a plan, in words: as long as they are the same, the plan fits.
final class Gist {
  private static final String LOST = "has lost its data";
  private static final String SERVES = "serves";

  private Gist() {}

  /// For a plan that answers a situation. Not how many ranges have no quorum, which the others
  /// notice one after another; nor whether lost nodes come up empty meanwhile, as a platform has
  /// them do by itself.
  static String of(Situation situation, RingState ring) {
    return switch (situation) {
      case Situation.QuorumLost(var down, var lost, var _) ->
          "quorum lost, down %s, lost %s%s".formatted(down, lost, late(ring));
      case Situation.StoreLost(var nodes, var _) -> "store lost, all of " + nodes;
      case Situation.NodeDown _, Situation.NodeLost _, Situation.NodeCutOff _ ->
          situation + late(ring);
      case Situation.NodeJoining _,
          Situation.SchemaSplit _,
          Situation.TablesDamaged _,
          Situation.DiskFull _,
          Situation.AllWell _,
          Situation.Unclear _ ->
          situation.toString();
    };
  }

  /// A plan repairs these.
  private static String late(RingState ring) {
    List<MemberId> late = ring.ids().stream().filter(ring::missesMoreThanHints).toList();
    return late.isEmpty() ? "" : ", not all hints are kept for " + late;
  }

  /// For a plan that brings the whole ring back, whatever it was made for: which nodes there are,
  /// and what each has of what that would take away.
  static String ofWholeRing(Situation situation, RingState ring) {
    boolean allLost = situation instanceof Situation.StoreLost;
    return ring.members().stream()
        .map(view -> view.id() + " " + (allLost || ring.isLost(view) ? LOST : word(view)))
        .collect(Collectors.joining(", "));
  }

  /// Whether a plan that brings the whole ring back fits what is there now: what it was made for,
  /// or a ring of which nothing is left, where the plan waits for no log of a node that serves.
  ///
  /// @param planned the gist of what it was made for
  static boolean fitsWholeRing(String planned, Situation now, RingState ring) {
    if (planned.equals(ofWholeRing(now, ring))) {
      return true;
    }
    List<String> nodes =
        Arrays.stream(planned.split(", ", -1)).map(node -> node.split(" ", 2)[0]).toList();
    return now instanceof Situation.StoreLost
        && nodes.equals(ring.ids().stream().map(MemberId::toString).toList())
        && !planned.contains(SERVES);
  }

  private static String word(MemberView view) {
    return switch (view.condition()) {
      case SERVING -> SERVES;
      case CUT_OFF -> "is cut off";
      case JOINING -> "is starting";
      case DOWN_INTACT -> "is down";
      case DATA_LOST -> LOST;
      case UNKNOWN -> "does not tell";
    };
  }
}
