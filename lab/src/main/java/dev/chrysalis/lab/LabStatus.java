package dev.chrysalis.lab;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A lab as it is now.
///
/// @param network `127.x.y`
/// @param services the names of the services that the lab was made with
/// @param primary who takes writes; empty where nobody answers
/// @param followers how many replicas stream from the primary
/// @param redis null where the lab has none
/// @param cassandra null where the lab has none
public record LabStatus(
    Path root,
    String network,
    List<String> services,
    List<Workload> workloads,
    Optional<MemberId> primary,
    int followers,
    @Nullable RedisStatus redis,
    @Nullable RingStatus cassandra) {
  public LabStatus {
    services = List.copyOf(services);
    workloads = List.copyOf(workloads);
  }

  /// Whether everything that the lab starts with runs and follows.
  public boolean whole() {
    return Stream.concat(stores(), services.stream()).allMatch(this::settled)
        && primary.isPresent()
        && followers >= 1
        && (redis == null || redis.whole())
        && (cassandra == null || cassandra.whole());
  }

  private Stream<String> stores() {
    Stream<String> redis =
        this.redis == null ? Stream.of() : Stream.of(LabAddresses.REDIS, LabAddresses.SENTINEL);
    Stream<String> ring = cassandra == null ? Stream.of() : Stream.of(LabAddresses.CASSANDRA);
    return Stream.of(Stream.of(LabAddresses.POSTGRES), redis, ring).flatMap(s -> s);
  }

  private boolean settled(String name) {
    return workloads.stream().anyMatch(w -> w.name().equals(name) && w.settled());
  }
}
