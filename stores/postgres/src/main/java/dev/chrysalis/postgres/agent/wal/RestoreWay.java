package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.vault.LogRange;
import java.util.List;

/// The way from a base backup to the newest moment that it can be brought to.
///
/// @param target where it ends
/// @param logs the stretches of WAL that a recovery along it reads, in order
public record RestoreWay(RestoreTarget target, List<LogRange> logs) {
  public RestoreWay {
    logs = List.copyOf(logs);
  }
}
