package dev.chrysalis.recovery.services;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Service;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/// A service as seen from outside.
///
/// @param before how many members it had while all was well; asked for only where it has none now
/// @param answering those of its members that answer any request
/// @param healthy those of them that say that they are ready, at this moment: the platform's probes
///   are behind that by some seconds, both ways
/// @param exhausted those that are not ready and whose log tells that memory ran out
public record ServiceView(
    Service service,
    Workload workload,
    KnownReplicas before,
    Set<MemberId> answering,
    Set<MemberId> healthy,
    Set<MemberId> exhausted,
    Instant at) {
  public ServiceView {
    answering = Set.copyOf(answering);
    healthy = Set.copyOf(healthy);
    exhausted = Set.copyOf(exhausted);
  }

  /// The members that are not ready, or were and answer nothing now; those kept stopped on purpose
  /// are not among them.
  public List<Member> unready() {
    return workload.members().stream()
        .filter(m -> !up(m) && m.phase() != Member.Phase.FENCED)
        .toList();
  }

  /// How many are ready and answer.
  public int ready() {
    return Math.toIntExact(workload.members().stream().filter(this::up).count());
  }

  private boolean up(Member member) {
    return member.ready() && answering.contains(member.id());
  }

  /// Whether somebody who needs it is answered: by a member that is ready, and not only was when it
  /// was probed last.
  public boolean serves() {
    return workload.members().stream().anyMatch(m -> m.ready() && healthy.contains(m.id()));
  }
}
