package dev.chrysalis.postgres.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.WholeStore;
import java.util.List;
import java.util.function.Function;

/// What decides on a plan that brings the whole store back: not whether standbys follow, or run.
final class Gist {
  private static final String DATA = "has data";

  private Gist() {}

  static WholeStore ofWholeStore(Situation situation, List<MemberId> members) {
    return WholeStore.of(members, Function.identity(), member -> word(situation, member));
  }

  private static String word(Situation situation, MemberId member) {
    return switch (situation) {
      case Situation.AllWell(var primary) -> beside(primary, member);
      case Situation.ReplicaDown(var primary, var _) -> beside(primary, member);
      case Situation.ReplicationBroken(var primary, var _) -> beside(primary, member);
      case Situation.ReplicaLost(var primary, var _, var former) when former.contains(member) ->
          "was a primary before " + primary;
      case Situation.ReplicaLost(var primary, var lost, var _) ->
          lost.contains(member) ? WholeStore.LOST : beside(primary, member);
      case Situation.PrimaryDown(var primary) -> member.equals(primary) ? "is down" : DATA;
      case Situation.PrimaryLost(var lost, var _) -> lost.contains(member) ? WholeStore.LOST : DATA;
      case Situation.StoreLost _ -> WholeStore.LOST;
      case Situation.SplitBrain(var primaries) ->
          primaries.contains(member) ? WholeStore.SERVES : DATA;
      // Commas stand between members.
      case Situation.Unclear(var why) -> "is not known: " + why.replace(',', ';');
    };
  }

  private static String beside(MemberId primary, MemberId member) {
    return member.equals(primary) ? WholeStore.SERVES : DATA;
  }
}
