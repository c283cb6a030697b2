package dev.chrysalis.lab;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A lab as it is now.
///
/// @param network `127.x.y`
/// @param services the names of the services that the lab was made with
/// @param primary who takes writes; empty where nobody answers
/// @param followers how many replicas stream from the primary
public record LabStatus(
    Path root,
    String network,
    List<String> services,
    List<Workload> workloads,
    Optional<MemberId> primary,
    int followers) {
  public LabStatus {
    services = List.copyOf(services);
    workloads = List.copyOf(workloads);
  }

  /// Whether everything that the lab starts with runs and follows.
  public boolean whole() {
    return Stream.concat(Stream.of(LabAddresses.POSTGRES), services.stream())
            .allMatch(this::settled)
        && primary.isPresent()
        && followers >= 1;
  }

  private boolean settled(String name) {
    return workloads.stream().anyMatch(w -> w.name().equals(name) && w.settled());
  }
}
