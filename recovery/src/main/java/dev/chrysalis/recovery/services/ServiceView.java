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
/// @param answering those of its members that are not ready and answer a request all the same
/// @param exhausted those of them whose log tells that memory ran out
public record ServiceView(
    Service service,
    Workload workload,
    Set<MemberId> answering,
    Set<MemberId> exhausted,
    Instant at) {
  public ServiceView {
    answering = Set.copyOf(answering);
    exhausted = Set.copyOf(exhausted);
  }

  /// The members that are not ready; those kept stopped on purpose are not among them.
  public List<Member> unready() {
    return workload.members().stream()
        .filter(m -> !m.ready() && m.phase() != Member.Phase.FENCED)
        .toList();
  }

  /// How many are ready.
  public int ready() {
    return Math.toIntExact(workload.members().stream().filter(Member::ready).count());
  }
}
