package dev.chrysalis.recovery.store;

import dev.chrysalis.model.stack.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the vault holds of a datastore at a moment.
///
/// @param newest the restore point that reaches the newest moment, if any
/// @param age how far that moment lags behind now; empty where nothing can be restored
/// @param faults what falls short of policy, in sentences; empty where all is well
public record StoreProtection(
    String datastore, Optional<Window> newest, Optional<Duration> age, List<String> faults) {
  public StoreProtection {
    faults = List.copyOf(faults);
  }

  /// The recovery-point age and the newest snapshot, in one line.
  public String summary() {
    return age.map(a -> "recovery point " + Durations.show(a) + " ago").orElse("none")
        + newest.map(w -> ", snapshot " + w.snapshot()).orElse("");
  }

  /// @param at the moment of the snapshot
  /// @param to the newest moment to which it can be brought; empty where that is not known
  /// @param bytes the size of the snapshot
  public record Window(String snapshot, Instant at, String to, long bytes) {}
}
