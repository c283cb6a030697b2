package dev.chrysalis.cassandra.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.Parameters;
import java.util.Map;
import java.util.Optional;

/// What one node is restored from, as the journal keeps it among the choices for all nodes: each
/// under the member's name.
record ChosenPart(String snapshot, String hostId, Optional<String> log) {
  static ChosenPart of(RestorePoints.Part part) {
    return new ChosenPart(part.snapshot(), part.hostId(), part.log());
  }

  /// Reads that of a member.
  static ChosenPart of(Map<String, String> choices, MemberId member) {
    return new ChosenPart(
        Parameters.of(choices, member + ".snapshot", "the journal"),
        Parameters.of(choices, member + ".hostId", "the journal"),
        Optional.of(choices.getOrDefault(member + ".log", "")).filter(log -> !log.isEmpty()));
  }

  void put(Map<String, String> choices, MemberId member) {
    choices.put(member + ".snapshot", snapshot);
    choices.put(member + ".hostId", hostId);
    choices.put(member + ".log", log.orElse(""));
  }
}
