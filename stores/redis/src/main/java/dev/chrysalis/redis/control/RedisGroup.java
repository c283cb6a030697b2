package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Step;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.workloads.Members;
import dev.chrysalis.workloads.Parameters;
import java.util.Map;
import java.util.Optional;

/// Where a Redis datastore is: what every one of its steps is told.
///
/// @param servers the platform's name for the servers
/// @param port where they listen
/// @param sentinels the platform's name for the Sentinels
record RedisGroup(String servers, int port, String sentinels) {
  static RedisGroup of(Datastore store) {
    return switch (store.kind()) {
      case Datastore.Kind.Redis redis ->
          new RedisGroup(store.workload(), store.port(), redis.sentinels().workload());
      case Datastore.Kind.PostgreSql _, Datastore.Kind.Cassandra _ ->
          throw new IllegalArgumentException(store.name() + " is no Redis");
    };
  }

  static RedisGroup of(Step step) {
    return new RedisGroup(
        Parameters.of(step, "workload"),
        Integer.parseInt(Parameters.of(step, "port")),
        Parameters.of(step, "sentinels"));
  }

  /// How a step is told of it.
  Map<String, String> parameters() {
    return Map.of("workload", servers, "port", Integer.toString(port), "sentinels", sentinels);
  }

  /// All of it as it is now.
  RedisState look(RedisViews views) {
    return views.of(servers, Optional.of(sentinels));
  }

  /// The servers alone: a Sentinel that is not asked costs nothing, an agent's answer a process.
  RedisState servers(RedisViews views) {
    return views.of(servers, Optional.empty());
  }

  /// Under which address others reach a server, whether it runs or not.
  Address address(Platform platform, MemberId server) {
    return address(Members.get(platform, server));
  }

  Address address(Member server) {
    return new Address(server.address(), port);
  }
}
