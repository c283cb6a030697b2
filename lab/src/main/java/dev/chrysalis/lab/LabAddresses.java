package dev.chrysalis.lab;

import dev.chrysalis.model.MemberId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Who has which address in a lab's network. There is room for twice the members that a lab starts
/// with.
record LabAddresses(LabNetwork network) {
  static final String POSTGRES = "postgres";
  static final int POSTGRES_PORT = 5432;
  static final String REDIS = "redis";
  static final int REDIS_PORT = 6379;
  static final String SENTINEL = "redis-sentinel";
  static final int SENTINEL_PORT = 26379;
  static final String CASSANDRA = "cassandra";
  static final int CASSANDRA_NODES = 3;
  static final int CASSANDRA_PORT = 9042;
  static final int CASSANDRA_JMX_PORT = 7199;
  private static final int CASSANDRA_STORAGE_PORT = 7000;
  static final int SERVICE_PORT = 8080;
  private static final int ROOM = 4;
  private static final int FIRST_POSTGRES = 11;
  private static final int FIRST_REDIS = 71;
  private static final int FIRST_SENTINEL = 81;
  private static final int FIRST_CASSANDRA = 91;

  /// The ports that a lab with those services listens at.
  static List<Integer> ports(LabServices services) {
    List<Integer> ports = new ArrayList<>(List.of(POSTGRES_PORT, SERVICE_PORT));
    if (services.needRedis()) {
      ports.addAll(List.of(REDIS_PORT, SENTINEL_PORT));
    }
    if (services.needCassandra()) {
      ports.addAll(List.of(CASSANDRA_PORT, CASSANDRA_JMX_PORT, CASSANDRA_STORAGE_PORT));
    }
    return ports;
  }

  List<String> cassandra() {
    return addresses(FIRST_CASSANDRA);
  }

  /// Where the nodes are that a lab starts with.
  List<String> cassandraNodes() {
    return cassandra().subList(0, CASSANDRA_NODES);
  }

  /// The same with a port, as one text with commas.
  String contactPoints(int port) {
    return cassandraNodes().stream()
        .map(address -> address + ":" + port)
        .collect(Collectors.joining(","));
  }

  List<String> postgres() {
    return addresses(FIRST_POSTGRES);
  }

  List<String> redis() {
    return addresses(FIRST_REDIS);
  }

  List<String> sentinels() {
    return addresses(FIRST_SENTINEL);
  }

  /// Where the Sentinels are that a lab starts with, as one text with commas.
  String sentinelList(int port) {
    return sentinels().subList(0, RedisServers.MEMBERS).stream()
        .map(address -> address + ":" + port)
        .collect(Collectors.joining(","));
  }

  List<String> service(LabService service) {
    return addresses(service.firstHost());
  }

  String of(MemberId member) {
    List<String> all =
        switch (member.workload()) {
          case POSTGRES -> postgres();
          case REDIS -> redis();
          case SENTINEL -> sentinels();
          case CASSANDRA -> cassandra();
          default -> service(LabService.named(member.workload()));
        };
    return all.get(member.ordinal());
  }

  /// Where a service's members are that a lab starts with, at that port.
  List<String> urls(LabService service, int port) {
    return service(service).subList(0, service.replicas()).stream()
        .map(address -> "http://" + address + ":" + port)
        .toList();
  }

  /// The same, as one text with commas.
  String urlList(LabService service, int port) {
    return urls(service, port).stream().collect(Collectors.joining(","));
  }

  private List<String> addresses(int first) {
    return IntStream.range(first, first + ROOM)
        .mapToObj(host -> network.prefix() + "." + host)
        .toList();
  }
}
