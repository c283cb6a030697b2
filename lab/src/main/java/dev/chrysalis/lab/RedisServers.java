package dev.chrysalis.lab;

import dev.chrysalis.model.MemberId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The lab's Redis: its servers, and the Sentinels that watch them.
record RedisServers(LabAddresses addresses, LabSecrets secrets) {
  static final int MEMBERS = 3;
  static final List<MemberId> SERVERS = members(LabAddresses.REDIS);
  static final List<MemberId> SENTINELS = members(LabAddresses.SENTINEL);

  private static final int OTHERS = MEMBERS - 1;

  /// Who takes writes; of several the one with the most replicas.
  Optional<MemberId> master() {
    return SERVERS.stream()
        .filter(member -> server(member).isMaster().orElse(false))
        .max(Comparator.comparingInt(member -> server(member).replicas()));
  }

  /// A server that follows.
  Optional<MemberId> replica() {
    return SERVERS.stream()
        .filter(member -> server(member).isMaster().filter(master -> !master).isPresent())
        .findFirst();
  }

  RedisStatus status() {
    Optional<MemberId> master = master();
    return new RedisStatus(
        master.orElse(null),
        master.map(member -> server(member).replicas()).orElse(0),
        master.map(this::agreeing).orElse(0));
  }

  /// How many Sentinels watch that master and know all other Sentinels and all replicas: a failover
  /// needs them to.
  private int agreeing(MemberId master) {
    String address = addresses.of(master);
    return (int)
        SENTINELS.stream()
            .flatMap(sentinel -> server(sentinel).watched().stream())
            .filter(seen -> watches(seen, address))
            .count();
  }

  private static boolean watches(Map<String, String> seen, String address) {
    return address.equals(seen.get("ip"))
        && "master".equals(seen.get("flags"))
        && atLeast(OTHERS, seen.get("num-slaves"))
        && atLeast(OTHERS, seen.get("num-other-sentinels"));
  }

  private static boolean atLeast(int least, @Nullable String number) {
    return number != null && Integer.parseInt(number) >= least;
  }

  RedisServer server(MemberId member) {
    int port =
        member.workload().equals(LabAddresses.SENTINEL)
            ? LabAddresses.SENTINEL_PORT
            : LabAddresses.REDIS_PORT;
    return new RedisServer(addresses.of(member), port, secrets.redisPassword());
  }

  private static List<MemberId> members(String workload) {
    return IntStream.range(0, MEMBERS).mapToObj(i -> new MemberId(workload, i)).toList();
  }
}
