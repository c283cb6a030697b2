package dev.chrysalis.lab;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.platform.process.ProcessPlatform;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// What runs in a lab: where its servers are, and whether all of it works.
record RunningLab(
    LabLayout layout, LabSecrets secrets, LabAddresses addresses, LabServices services) {
  static final List<MemberId> POSTGRES =
      List.of(new MemberId(LabAddresses.POSTGRES, 0), new MemberId(LabAddresses.POSTGRES, 1));

  private static final Duration START_PATIENCE = Duration.ofMinutes(3);

  /// Returns when everything runs and the replica follows.
  ///
  /// @param goOn asked again and again; throws when the lab is to be removed instead
  void awaitWhole(ProcessPlatform platform, Runnable goOn) {
    PostgresServer primary = server(POSTGRES.getFirst());
    await(() -> primary.takesWrites().isPresent(), () -> "PostgreSQL does not answer", goOn);
    primary.createSlot(PostgresSeed.REPLICA_SLOT);
    await(
        () -> platform.workloads().stream().allMatch(Workload::settled),
        () -> "not all are ready of " + platform.workloads(),
        goOn);
    await(() -> primary.followers() >= 1, () -> "the replica does not follow", goOn);
    if (services.needRedis()) {
      await(() -> redis().status().whole(), () -> "Redis is not whole: " + redis().status(), goOn);
    }
  }

  /// Returns when every node takes clients.
  void awaitRing(ProcessPlatform platform, Runnable goOn) {
    await(
        () -> platform.workload(LabAddresses.CASSANDRA).settled(),
        () -> "not all nodes are ready of " + platform.workload(LabAddresses.CASSANDRA),
        goOn);
  }

  LabStatus status(ProcessPlatform platform) {
    Optional<MemberId> primary =
        POSTGRES.stream().filter(m -> server(m).takesWrites().orElse(false)).findFirst();
    return new LabStatus(
        layout.root(),
        addresses.network().prefix(),
        services.all().stream().map(LabService::word).toList(),
        platform.workloads(),
        primary,
        primary.map(m -> server(m).followers()).orElse(0),
        services.needRedis() ? redis().status() : null,
        services.needCassandra() ? ring(platform) : null);
  }

  private static RingStatus ring(ProcessPlatform platform) {
    return RingStatus.of(platform.workload(LabAddresses.CASSANDRA).members());
  }

  RedisServers redis() {
    return new RedisServers(addresses, secrets);
  }

  /// @param programs those of who runs the lab
  CassandraTasks tasks(LabPrograms programs) {
    return new CassandraTasks(secrets, programs, addresses);
  }

  PostgresServer server(MemberId member) {
    return new PostgresServer(
        addresses.of(member), volume(member).resolve("data"), secrets.administratorPassword());
  }

  Path volume(MemberId member) {
    return layout.volume(member.toString());
  }

  private static void await(BooleanSupplier holds, Supplier<String> seen, Runnable goOn) {
    Waiting.until(
        () -> {
          goOn.run();
          return holds.getAsBoolean();
        },
        START_PATIENCE,
        seen);
  }
}
