package dev.chrysalis.workloads;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.PlatformErrors;
import java.util.Optional;

/// Looks members up as they are now.
public final class Members {
  private Members() {}

  public static Optional<Member> find(Platform platform, MemberId id) {
    return platform.workload(id.workload()).members().stream()
        .filter(m -> m.id().equals(id))
        .findFirst();
  }

  /// The member, which must be there.
  public static Member get(Platform platform, MemberId id) {
    return find(platform, id)
        .orElseThrow(() ->
            new ChrysalisException(
                PlatformErrors.NO_SUCH_MEMBER,
                "there is no member " + id,
                "see which there are: chrysalis status"));
  }

  public static Optional<Member> ready(Platform platform, MemberId id) {
    return find(platform, id).filter(Member::ready);
  }
}
