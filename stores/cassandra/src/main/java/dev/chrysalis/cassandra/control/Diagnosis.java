package dev.chrysalis.cassandra.control;

import static dev.chrysalis.cassandra.control.RingState.ids;

import dev.chrysalis.cassandra.control.MemberView.Condition;
import dev.chrysalis.cassandra.control.MemberView.Peer;
import dev.chrysalis.model.MemberId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Adds the views of all nodes up to one situation. Pure.
///
/// 1. No node has its data, or all that have any run as nodes that the vault does not know: the
///    store is lost. One that comes up without data while nobody serves, of whom it could copy
///    some, has lost it. Where nothing is known of one, nothing is concluded.
/// 2. Some do not answer: by what the others hear, there is a quorum of every range or not. A node
///    that has just gone silent is still heard of by the others: then the number of nodes tells.
///    One that ended on a full disk needs room first.
/// 3. All run: what keeps one from being a whole member of the ring, and whether all have one
///    schema and hear each other; then what the vault has seen of their files, and who was away for
///    longer than hints were kept.
public final class Diagnosis {
  /// How long a node may copy nothing while it joins: it reads its log, and waits for the ring to
  /// settle.
  private static final Duration JOINS_WITHIN = Duration.ofMinutes(15);

  private final RingState ring;
  private final Past past;
  private final Instant now;

  private Diagnosis(RingState ring, Past past, Instant now) {
    this.ring = ring;
    this.past = past;
    this.now = now;
  }

  public static Situation of(RingState ring, Past past, Instant now) {
    return new Diagnosis(ring, past, now).situation();
  }

  private Situation situation() {
    if (ring.members().isEmpty()) {
      return new Situation.Unclear("the ring has no members");
    }
    List<MemberId> lost = ids(ring.lost());
    if (lost.size() == ring.members().size()) {
      return isFirstStart() ? allStart() : new Situation.StoreLost(lost, false);
    }
    if (isAnotherRing()) {
      return new Situation.StoreLost(ring.ids(), true);
    }
    Optional<MemberView> unknown = ring.in(Condition.UNKNOWN).stream().findFirst();
    if (unknown.isPresent()) {
      return new Situation.Unclear(unknown.get().id() + ": " + unknown.get().whyUnknown());
    }
    List<MemberId> down = ids(ring.in(Condition.DOWN_INTACT));
    if (lost.isEmpty() && down.isEmpty()) {
      return running();
    }
    if (lost.isEmpty() && ring.in(Condition.DOWN_INTACT).stream().anyMatch(MemberView::diskFull)) {
      return new Situation.DiskFull(full(), !hasNoQuorum(down.size()));
    }
    if (hasNoQuorum(lost.size() + down.size())) {
      return new Situation.QuorumLost(down, lost, ring.withoutQuorum());
    }
    if (lost.isEmpty()) {
      return past.damaged().containsAll(down)
          ? new Situation.TablesDamaged(damaged(down))
          : new Situation.NodeDown(down);
    }
    if (ring.serving().isEmpty()) {
      return lostWhileNobodyServes(lost, down);
    }
    List<MemberId> hearing = ring.hearing(lost);
    return hearing.isEmpty()
        ? new Situation.NodeLost(lost, down)
        : new Situation.Unclear(
            "%s are lost, and %s have not noticed yet: whether the others have a quorum is not known"
                .formatted(lost, hearing));
  }

  /// Nodes come up without data, and nobody knows of any.
  private boolean isFirstStart() {
    return past.hostIds().isEmpty() && ring.members().stream().anyMatch(MemberView::comesUpNew);
  }

  private static Situation allStart() {
    return new Situation.Unclear("all nodes are starting");
  }

  /// Nobody says how many replicas there are; who has cut itself off does not count.
  private Situation lostWhileNobodyServes(List<MemberId> lost, List<MemberId> down) {
    List<MemberId> away = new ArrayList<>(down);
    away.addAll(ids(ring.in(Condition.CUT_OFF)));
    return hasNoQuorum(lost.size() + away.size())
        ? new Situation.QuorumLost(away, lost, ring.withoutQuorum())
        : new Situation.Unclear(
            "%s have lost their data, and the others are starting".formatted(lost));
  }

  /// All that have data run, by names that the ring never had: their volumes were empty, they found
  /// nobody who knew better, and made a ring of their own.
  private boolean isAnotherRing() {
    List<MemberView> lost = ring.lost();
    List<MemberView> withData =
        ring.members().stream().filter(v -> !lost.contains(v) && !v.comesUpNew()).toList();
    return !past.hostIds().isEmpty()
        && !withData.isEmpty()
        && withData.stream().allMatch(this::isOfAnotherRing);
  }

  private boolean isOfAnotherRing(MemberView view) {
    return view.condition() != Condition.UNKNOWN
        && view.hostId().isPresent()
        && Stream.concat(view.hostId().stream(), view.peers().stream().map(Peer::hostId))
            .noneMatch(past.hostIds()::contains);
  }

  /// Replicas are on three nodes at most in rings as they are usually made, and the others have not
  /// yet noticed who is gone: with two of three away there is none.
  private boolean hasNoQuorum(int away) {
    return !ring.withoutQuorum().isEmpty() || away * 2 > ring.members().size();
  }

  private Situation running() {
    if (!full().isEmpty()) {
      return new Situation.DiskFull(full(), !hasNoQuorum(ring.in(Condition.CUT_OFF).size()));
    }
    List<MemberId> cutOff = ids(ring.in(Condition.CUT_OFF));
    if (!cutOff.isEmpty()) {
      if (hasNoQuorum(cutOff.size())) {
        return new Situation.QuorumLost(cutOff, List.of(), ring.withoutQuorum());
      }
      return past.damaged().containsAll(cutOff)
          ? new Situation.TablesDamaged(damaged(cutOff))
          : new Situation.NodeCutOff(cutOff);
    }
    List<MemberView> joining = ring.joining();
    if (!joining.isEmpty()) {
      return joining(joining);
    }
    return together();
  }

  private List<MemberId> full() {
    return ids(ring.members().stream().filter(MemberView::diskFull).toList());
  }

  private Situation joining(List<MemberView> joining) {
    List<MemberView> stuck =
        joining.stream()
            .filter(v -> v.isCopying() && v.streams() == 0)
            .filter(v -> now.isAfter(v.observed().since().plus(JOINS_WITHIN)))
            .toList();
    if (joining.size() == ring.members().size() && stuck.isEmpty()) {
      return allStart();
    }
    return new Situation.NodeJoining(ids(joining), ids(stuck));
  }

  private Situation together() {
    List<MemberId> deaf = ring.deaf();
    if (!deaf.isEmpty()) {
      return new Situation.Unclear(
          "all nodes run, and "
              + deaf
              + " do not hear all of the others (a broken network, or they"
              + " have just started)");
    }
    Set<String> versions = new TreeSet<>();
    ring.members().forEach(v -> v.schema().ifPresent(versions::add));
    if (versions.size() > 1) {
      return new Situation.SchemaSplit(odd());
    }
    List<MemberId> damaged = damaged(List.of());
    if (!damaged.isEmpty()) {
      return new Situation.TablesDamaged(damaged);
    }
    List<MemberId> unrepaired = ids(ring.unrepaired());
    return unrepaired.isEmpty() ? amongStrangers() : new Situation.NodeUnrepaired(unrepaired);
  }

  private Situation amongStrangers() {
    List<String> strangers = ring.strangersAway();
    return strangers.isEmpty()
        ? new Situation.AllWell()
        : new Situation.Unclear(
            "all members run, and the ring has a node that is away and none of them: "
                + strangers
                + " (start it; or, where it came up anew at another address or was given up, nodetool"
                + " removenode)");
  }

  /// Those with damaged files, first the ones that are away: a node that reads such a file ends, or
  /// cuts itself off, and does so again when it is restarted.
  private List<MemberId> damaged(List<MemberId> away) {
    return ring.ids().stream()
        .filter(past.damaged()::contains)
        .sorted(Comparator.comparing((MemberId id) -> !away.contains(id)))
        .toList();
  }

  /// Those without the version that most have.
  private List<MemberId> odd() {
    Map<String, Integer> count = new HashMap<>();
    ring.members().forEach(v -> v.schema().ifPresent(s -> count.merge(s, 1, Integer::sum)));
    Collection<Integer> numbers = count.values();
    int most = numbers.stream().mapToInt(Integer::intValue).max().orElse(0);
    List<String> common =
        count.entrySet().stream().filter(e -> e.getValue() == most).map(Map.Entry::getKey).toList();
    return common.size() > 1
        ? List.of()
        : ids(
            ring.members().stream()
                .filter(v -> v.schema().filter(common::contains).isEmpty())
                .toList());
  }
}
