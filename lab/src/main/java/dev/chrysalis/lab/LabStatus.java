package dev.chrysalis.lab;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Workload;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A lab as it is now.
///
/// @param network `127.x.y`
/// @param primary who takes writes; empty where nobody answers
/// @param followers how many replicas stream from the primary
public record LabStatus(
    Path root,
    String network,
    List<Workload> workloads,
    Optional<MemberId> primary,
    int followers) {
  public LabStatus {
    workloads = List.copyOf(workloads);
  }

  /// Whether everything that the lab starts with runs and follows.
  public boolean whole() {
    return workloads.size() == 2
        && workloads.stream().allMatch(Workload::settled)
        && primary.isPresent()
        && followers >= 1;
  }
}
