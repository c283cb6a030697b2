package dev.chrysalis.redis.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.workloads.SideBySide;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Looks at all servers and Sentinels of a datastore, side by side.
public record RedisViews(Platform platform, RedisAgents agents) {
  /// The members as they are now, in the platform's order.
  ///
  /// @param sentinels the Sentinels' workload; empty where there are none
  public RedisState of(String servers, Optional<String> sentinels) {
    List<Member> asServers = platform.workload(servers).members();
    List<Member> asSentinels =
        sentinels.map(name -> platform.workload(name).members()).orElse(List.of());
    List<Object> views =
        SideBySide.map(
            Stream.<Asked>concat(
                    asServers.stream().map(m -> new Asked(m, this::server)),
                    asSentinels.stream().map(m -> new Asked(m, this::sentinel)))
                .toList(),
            asked -> asked.how().apply(asked.member()));
    return new RedisState(only(MemberView.class, views), only(SentinelView.class, views));
  }

  /// One server as it is now; empty where the platform has no such member.
  public Optional<MemberView> server(MemberId id) {
    return platform.workload(id.workload()).members().stream()
        .filter(member -> member.id().equals(id))
        .findFirst()
        .map(this::server);
  }

  private MemberView server(Member member) {
    return new MemberView(member, platform.volume(member.id()), agents.status(member.id()));
  }

  private SentinelView sentinel(Member member) {
    return new SentinelView(member, agents.status(member.id()));
  }

  private static <T> List<T> only(Class<T> type, List<Object> views) {
    return views.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private record Asked(Member member, Function<Member, Object> how) {}
}
