package dev.chrysalis.postgres.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.postgres.control.MemberView.Condition;
import java.util.List;
import java.util.function.Predicate;

/// Adds the views of all members up to one situation. Pure.
///
/// 1. More than one primary that takes writes is split brain, whatever else is.
/// 2. With one primary serving, the standbys are judged, the deepest trouble first: data lost,
///    down, not following. A member that is down and no standby by its data was a primary itself:
///    started as it is it would take writes, so beside a primary it counts as lost and is rebuilt.
/// 3. Without one: a member whose data is there and is no standby's was the primary: it is down.
///    Otherwise, while a standby's data is there, the primary is lost. Otherwise, when the data of
///    all is lost, the store is lost.
/// 4. Where a member's state could not be learnt, nothing is concluded from it.
public final class Diagnosis {
  private Diagnosis() {}

  /// What the views add up to; they are those of all members of the datastore.
  public static Situation of(List<MemberView> views) {
    List<MemberView> primaries = with(views, v -> v.condition() == Condition.SERVING_PRIMARY);
    if (primaries.size() > 1) {
      return new Situation.SplitBrain(ids(primaries));
    }
    return primaries.isEmpty()
        ? withoutPrimary(views)
        : withPrimary(primaries.getFirst().id(), views);
  }

  private static Situation withPrimary(MemberId primary, List<MemberView> views) {
    List<MemberView> others = with(views, v -> !v.id().equals(primary));
    List<MemberView> lost =
        with(others, v -> v.condition() == Condition.DATA_LOST || formerPrimary(v));
    if (!lost.isEmpty()) {
      return new Situation.ReplicaLost(
          primary, ids(lost), ids(with(lost, Diagnosis::formerPrimary)));
    }
    List<MemberView> down = with(others, v -> v.condition() == Condition.DOWN_INTACT);
    if (!down.isEmpty()) {
      return new Situation.ReplicaDown(primary, ids(down));
    }
    List<MemberView> astray = with(others, v -> v.answers() && !v.streaming());
    if (!astray.isEmpty()) {
      return new Situation.ReplicationBroken(primary, ids(astray));
    }
    List<MemberView> unknown = with(others, v -> v.condition() == Condition.UNKNOWN);
    return unknown.isEmpty()
        ? new Situation.AllWell(primary)
        : new Situation.Unclear("no word from " + ids(unknown));
  }

  private static Situation withoutPrimary(List<MemberView> views) {
    List<MemberView> formerPrimaries = with(views, Diagnosis::formerPrimary);
    if (formerPrimaries.size() > 1) {
      return new Situation.Unclear("more than one member was a primary: " + ids(formerPrimaries));
    }
    if (!formerPrimaries.isEmpty()) {
      return new Situation.PrimaryDown(formerPrimaries.getFirst().id());
    }
    List<MemberView> unknown = with(views, v -> v.condition() == Condition.UNKNOWN);
    if (!unknown.isEmpty()) {
      return new Situation.Unclear("no word from " + ids(unknown));
    }
    List<MemberView> lost = with(views, v -> v.condition() == Condition.DATA_LOST);
    if (lost.size() == views.size()) {
      return new Situation.StoreLost(ids(views));
    }
    if (lost.isEmpty()) {
      return new Situation.Unclear("every member is a standby, and none lost its data");
    }
    List<MemberView> standbys = with(views, v -> v.condition() != Condition.DATA_LOST);
    return new Situation.PrimaryLost(ids(lost), ids(standbys));
  }

  private static boolean formerPrimary(MemberView view) {
    return view.condition() == Condition.DOWN_INTACT && !view.standbyData();
  }

  private static List<MemberView> with(List<MemberView> views, Predicate<MemberView> wanted) {
    return views.stream().filter(wanted).toList();
  }

  private static List<MemberId> ids(List<MemberView> views) {
    return views.stream().map(MemberView::id).toList();
  }
}
