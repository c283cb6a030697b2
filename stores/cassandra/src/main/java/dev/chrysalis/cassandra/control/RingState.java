package dev.chrysalis.cassandra.control;

import dev.chrysalis.cassandra.control.MemberView.Condition;
import dev.chrysalis.model.MemberId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// All members of a ring as they were seen at one moment, in the platform's order.
public record RingState(List<MemberView> members) {
  /// Where no node says how it is configured: the server's own default.
  private static final Duration HINTS_WINDOW = Duration.ofHours(3);

  /// By how much at most; and a repair tries again for that long while a node is away.
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(2);

  public RingState {
    members = List.copyOf(members);
  }

  public Optional<MemberView> member(MemberId id) {
    return members.stream().filter(m -> m.id().equals(id)).findFirst();
  }

  public List<MemberView> serving() {
    return in(Condition.SERVING);
  }

  List<MemberView> in(Condition condition) {
    return members.stream().filter(m -> m.condition() == condition).toList();
  }

  /// The members whose data is gone. One of them may be starting, again and again: on an empty
  /// volume, at the address of a node that the others know by another name. They refuse it. Or
  /// nobody serves, of whom it could copy data.
  List<MemberView> lost() {
    return members.stream().filter(this::isLost).toList();
  }

  boolean isLost(MemberView view) {
    return view.condition() == Condition.DATA_LOST
        || isRefused(view)
        || (view.comesUpNew() && serving().isEmpty());
  }

  /// The members that are on their way to become whole members of the ring.
  List<MemberView> joining() {
    return in(Condition.JOINING).stream().filter(m -> !isLost(m)).toList();
  }

  private boolean isRefused(MemberView view) {
    return view.isNewAndStarting()
        && serving().stream()
            .flatMap(other -> other.peers().stream())
            .anyMatch(peer ->
                peer.address().equals(view.address())
                    && !view.hostId().equals(Optional.of(peer.hostId())));
  }

  static List<MemberId> ids(List<MemberView> views) {
    return views.stream().map(MemberView::id).toList();
  }

  List<MemberId> ids() {
    return ids(members);
  }

  /// The keyspaces with ranges of which too few replicas are left, as a serving node sees it.
  List<String> withoutQuorum() {
    Set<String> all = new TreeSet<>();
    serving().forEach(view -> all.addAll(view.withoutQuorum()));
    return List.copyOf(all);
  }

  /// Whether nobody keeps all hints for a member that is away, until it is back: as the others have
  /// seen it, or, since those forget it when they are restarted themselves, as its log tells.
  boolean missesMoreThanHints(MemberId id) {
    return member(id)
        .filter(away ->
            serving().stream().anyMatch(v -> v.dropsHintsFor(away.address()))
                || (away.condition() == Condition.DOWN_INTACT && endedLongBeforeOthers(away)))
        .isPresent();
  }

  private boolean endedLongBeforeOthers(MemberView away) {
    Duration kept =
        members.stream()
            .flatMap(view -> view.hintsWindow().stream())
            .min(Comparator.naturalOrder())
            .map(MemberView::keptFor)
            .orElse(MemberView.keptFor(HINTS_WINDOW));
    Optional<Instant> others =
        members.stream()
            .filter(view -> !view.id().equals(away.id()))
            .flatMap(view -> view.ranUntil().stream())
            .max(Comparator.naturalOrder());
    return away.ranUntil()
        .filter(end -> others.filter(end.plus(kept)::isBefore).isPresent())
        .isPresent();
  }

  /// The members that came back by themselves after another had ceased to keep hints for them, and
  /// were not repaired since. Also where two have missed each other, cut off by a network: whoever
  /// takes a write keeps its hints, also one that holds none of its rows, so that the repair of one
  /// brings the other not all that it missed.
  List<MemberView> unrepaired() {
    return members.stream()
        .filter(away -> members.stream().anyMatch(other -> lacksHintsOf(other, away)))
        .toList();
  }

  private static boolean lacksHintsOf(MemberView other, MemberView away) {
    return away.hostId()
        .flatMap(other::keptNoHintsUntil)
        .filter(until ->
            away.repaired().filter(at -> !at.plus(CLOCKS_DIFFER).isBefore(until)).isEmpty())
        .isPresent();
  }

  /// The nodes that serving members know and do not hear, and that no member is: as `HOSTID at
  /// ADDRESS`. What such a one had may have come up anew elsewhere, or was never told to leave.
  List<String> strangersAway() {
    Set<String> ours = new TreeSet<>();
    members.forEach(view -> view.hostId().ifPresent(ours::add));
    Set<String> away = new TreeSet<>();
    for (MemberView view : serving()) {
      view.peers().stream()
          .filter(peer -> !peer.up() && !ours.contains(peer.hostId()))
          .forEach(peer -> away.add(peer.hostId() + " at " + peer.address()));
    }
    return List.copyOf(away);
  }

  /// Serving members that still hear one of those.
  List<MemberId> hearing(List<MemberId> away) {
    List<String> addresses =
        away.stream().flatMap(id -> member(id).stream()).map(MemberView::address).toList();
    return ids(serving().stream().filter(v -> addresses.stream().anyMatch(v::hears)).toList());
  }

  /// Serving members that do not hear another one that serves: empty where each hears each.
  List<MemberId> deaf() {
    return ids(
        serving().stream()
            .filter(one -> !serving().stream().allMatch(other -> one.hears(other.address())))
            .toList());
  }
}
