package dev.chrysalis.postgres.control;

import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.workloads.SideBySide;
import java.util.List;

/// Looks at all members of a workload, side by side.
public record MemberViews(Platform platform, PostgresAgents agents) {
  /// The members as they are now, in the platform's order.
  public List<MemberView> of(String workload) {
    return SideBySide.map(platform.workload(workload).members(), this::view);
  }

  private MemberView view(Member member) {
    return new MemberView(member, platform.volume(member.id()), agents.status(member.id()));
  }
}
