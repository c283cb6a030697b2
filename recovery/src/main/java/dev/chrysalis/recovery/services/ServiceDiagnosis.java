package dev.chrysalis.recovery.services;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Member.Phase;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;

/// Says what a service's trouble is, from what is seen of it and of what it needs. Pure.
///
/// 1. A revision that never got ready, members of which end or are overdue, while an older one was
///    ready, is a bad release. Where something that the service needs is broken, that could be the
///    reason as well: then only a member that is ready all the same shows that it is the release.
/// 2. A process that runs and answers nothing hangs, whatever else is broken. One of an older
///    revision, where nothing keeps the rollout from it, is being ended to be replaced: that is a
///    start.
/// 3. Where something that it needs is broken, that is the finding, and nothing is done to the
///    service.
/// 4. Otherwise processes that end are dead, and those that are overdue or say that they are not
///    ready are not ready for a reason of their own. Those that say that they are, and that no
///    probe has seen so yet, are starting.
public final class ServiceDiagnosis {
  private ServiceDiagnosis() {}

  /// @param broken what it needs and does not serve
  public static ServiceState of(ServiceView view, List<String> broken) {
    if (view.workload().replicas() == 0) {
      return new ServiceState.ScaledAway(view.before());
    }
    if (view.ready() >= view.workload().replicas()) {
      return new ServiceState.Well();
    }
    OptionalInt good = lastGood(view);
    if (good.isPresent() && isBadRelease(view) && (broken.isEmpty() || view.serves())) {
      return new ServiceState.BadRelease(view.workload().revision(), good.getAsInt());
    }
    List<MemberId> hung =
        with(view, m -> m.phase() == Phase.RUNNING && !view.answering().contains(m.id()));
    if (!hung.isEmpty()) {
      return new ServiceState.Hung(hung);
    }
    return broken.isEmpty() ? ofItself(view) : new ServiceState.Waits(broken);
  }

  private static ServiceState ofItself(ServiceView view) {
    List<MemberId> ended =
        with(view, m -> m.phase() == Phase.CRASH_LOOPING || m.phase() == Phase.STOPPED);
    if (!ended.isEmpty()) {
      return new ServiceState.Ended(ended, lastExit(view, ended));
    }
    List<MemberId> late =
        with(
            view,
            m ->
                !view.healthy().contains(m.id())
                    && (m.phase() == Phase.RUNNING || overdue(view, m)));
    return late.isEmpty()
        ? new ServiceState.Starting(view.unready().stream().map(Member::id).toList())
        : new ServiceState.NotReady(late);
  }

  /// Whether a rollout takes this one next, or does so now: it replaces those that are not ready
  /// first, and stops where a member of the new revision does not get ready.
  private static boolean isReplaced(ServiceView view, Member member) {
    int current = view.workload().revision();
    return member.revision() < current
        && view.unready().stream().noneMatch(m -> m.revision() == current);
  }

  private static boolean isBadRelease(ServiceView view) {
    int current = view.workload().revision();
    return !view.workload().proven().contains(current)
        && view.unready().stream()
            .filter(m -> m.revision() == current && !view.healthy().contains(m.id()))
            .anyMatch(m -> m.phase() == Phase.CRASH_LOOPING || overdue(view, m));
  }

  /// The newest older revision with which a member was ready.
  private static OptionalInt lastGood(ServiceView view) {
    return view.workload().proven().stream()
        .mapToInt(Integer::intValue)
        .filter(r -> r < view.workload().revision())
        .max();
  }

  private static boolean overdue(ServiceView view, Member member) {
    return member.since().plus(view.service().startsWithin()).isBefore(view.at());
  }

  private static String lastExit(ServiceView view, List<MemberId> ended) {
    return view.unready().stream()
        .filter(m -> ended.contains(m.id()) && !m.lastExit().isEmpty())
        .map(Member::lastExit)
        .findFirst()
        .orElse("not started");
  }

  /// Those that are not ready, and not only because they are replaced.
  private static List<MemberId> with(ServiceView view, Predicate<Member> wanted) {
    return view.unready().stream()
        .filter(m -> !isReplaced(view, m))
        .filter(wanted)
        .map(Member::id)
        .toList();
  }
}
