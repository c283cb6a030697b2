package dev.chrysalis.lab;

import dev.chrysalis.model.MemberId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A fault that was injected.
///
/// @param at from when on the damaged members could acknowledge nothing more; where they go on,
///   when the damage was about to be done
/// @param members whom it hit
/// @param restoreTo the last moment at which values were right, by the server's clock; null where
///   none is wrong
public record Disaster(
    Fault fault, Instant at, List<MemberId> members, @Nullable Instant restoreTo) {
  public Disaster {
    members = List.copyOf(members);
  }

  /// A fault that leaves no wrong values.
  static Disaster of(Fault fault, Instant at, List<MemberId> members) {
    return new Disaster(fault, at, members, null);
  }

  @Override
  public String toString() {
    return at
        + " "
        + fault
        + " "
        + members
        + ": "
        + fault.what()
        + (restoreTo == null ? "" : "; values were right until " + restoreTo);
  }
}
