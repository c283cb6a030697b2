package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.vault.LogExtent;
import java.util.List;

/// A timeline of a cluster as the vault holds it.
///
/// @param extents the unbroken stretches of its WAL, oldest first, positions are LSNs; empty where
///   only its history is known
public record Timeline(TimelineHistory history, List<LogExtent> extents) {
  public Timeline {
    extents = List.copyOf(extents);
  }

  public int id() {
    return history.timeline();
  }
}
