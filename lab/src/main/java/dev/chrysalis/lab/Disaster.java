package dev.chrysalis.lab;

import dev.chrysalis.model.MemberId;
import java.time.Instant;
import java.util.List;

/// A fault that was injected.
///
/// @param at from when on the damaged members could acknowledge nothing more
/// @param members whom it hit
public record Disaster(Fault fault, Instant at, List<MemberId> members) {
  public Disaster {
    members = List.copyOf(members);
  }

  @Override
  public String toString() {
    return at + " " + fault + " " + members + ": " + fault.what();
  }
}
