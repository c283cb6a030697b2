package dev.chrysalis.redis.control;

import dev.chrysalis.model.MemberId;
import java.util.List;
import java.util.Optional;

/// All servers and Sentinels of a datastore as they were at one look.
///
/// @param sentinels empty where the datastore has none
public record RedisState(List<MemberView> servers, List<SentinelView> sentinels) {
  public RedisState {
    servers = List.copyOf(servers);
    sentinels = List.copyOf(sentinels);
  }

  public Optional<MemberView> server(MemberId id) {
    return servers.stream().filter(s -> s.id().equals(id)).findFirst();
  }

  /// The server at that address.
  public Optional<MemberView> at(Address address) {
    return servers.stream().filter(s -> s.isAt(address)).findFirst();
  }

  /// The one server that leads; empty where none does, or more than one.
  public Optional<MemberView> leader() {
    List<MemberView> leaders = leaders();
    return leaders.size() == 1 ? Optional.of(leaders.getFirst()) : Optional.empty();
  }

  /// The servers that answer as masters.
  public List<MemberView> leaders() {
    return servers.stream().filter(MemberView::leads).toList();
  }

  /// How many Sentinels must agree before one may lead a failover: more than half of all.
  public int majority() {
    return sentinels.size() / 2 + 1;
  }

  /// The server that more than half of all Sentinels name; empty where there is none.
  public Optional<MemberView> named() {
    return servers.stream()
        .filter(server -> answering().stream().filter(s -> s.names(server)).count() >= majority())
        .findFirst();
  }

  /// The Sentinels that answer.
  public List<SentinelView> answering() {
    return sentinels.stream().filter(SentinelView::answers).toList();
  }

  /// Whether the Sentinels can fail over by themselves.
  public boolean failsOverByItself() {
    return sentinels.stream().filter(SentinelView::canFailOver).count() >= majority();
  }
}
