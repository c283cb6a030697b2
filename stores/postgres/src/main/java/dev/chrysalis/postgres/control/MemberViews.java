package dev.chrysalis.postgres.control;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Looks at all members of a workload, side by side.
public record MemberViews(Platform platform, PostgresAgents agents) {
  /// The members as they are now, in the platform's order.
  public List<MemberView> of(String workload) {
    List<Member> members = platform.workload(workload).members();
    try (ExecutorService side = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<MemberView>> asked =
          members.stream().map(m -> CompletableFuture.supplyAsync(() -> view(m), side)).toList();
      return asked.stream().map(CompletableFuture::join).toList();
    } catch (CompletionException e) {
      if (e.getCause() instanceof ChrysalisException known) {
        throw known;
      }
      throw e;
    }
  }

  private MemberView view(Member member) {
    return new MemberView(member, platform.volume(member.id()), agents.status(member.id()));
  }
}
