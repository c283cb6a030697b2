package dev.chrysalis.workloads;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import java.util.Optional;

/// Looks members up as they are now.
public final class Members {
  private Members() {}

  public static Optional<Member> find(Platform platform, MemberId id) {
    return platform.workload(id.workload()).members().stream()
        .filter(m -> m.id().equals(id))
        .findFirst();
  }

  public static Optional<Member> ready(Platform platform, MemberId id) {
    return find(platform, id).filter(Member::ready);
  }
}
