package dev.chrysalis.cassandra.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.workloads.SideBySide;
import java.util.Optional;

/// Looks at all nodes of a ring, side by side.
public record RingViews(Platform platform, CassandraAgents agents) {
  /// The members as they are now.
  public RingState of(String workload) {
    return new RingState(SideBySide.map(platform.workload(workload).members(), this::view));
  }

  /// One member as it is now; empty where the platform has no such member.
  public Optional<MemberView> member(MemberId id) {
    return platform.workload(id.workload()).members().stream()
        .filter(member -> member.id().equals(id))
        .findFirst()
        .map(this::view);
  }

  private MemberView view(Member member) {
    return new MemberView(member, platform.volume(member.id()), agents.status(member.id()));
  }
}
