package dev.chrysalis.model.stack;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A stateful system of the stack.
///
/// @param workload the platform's name for it
/// @param clients the services that are told where its primary is
/// @param backup how it is protected
/// @param dumpsOrNull backups of it that others made
public record Datastore(
    String name,
    Kind kind,
    String workload,
    int port,
    List<Client> clients,
    BackupPolicy backup,
    @Nullable DumpPolicy dumpsOrNull) {
  /// Backups of it that others made; empty where none are declared.
  public Optional<DumpPolicy> dumps() {
    return Optional.ofNullable(dumpsOrNull);
  }

  /// What it is.
  public enum Kind {
    POSTGRESQL
  }

  /// A service, and the variable of its environment that holds the primary's address.
  public record Client(String service, String variable) {}

  /// @param every how old the newest snapshot may become
  /// @param logWithin how far the log in the vault may lag behind the server
  /// @param keepOrNull which snapshots are kept; without it all of them
  /// @param proveOrNull how fresh proofs must be; without it none are asked for
  public record BackupPolicy(
      Duration every,
      Duration logWithin,
      @Nullable KeepPolicy keepOrNull,
      @Nullable ProofPolicy proveOrNull) {
    /// How fresh the proofs of restore points must be; empty where nothing is proved by schedule.
    public Optional<ProofPolicy> prove() {
      return Optional.ofNullable(proveOrNull);
    }

    /// Which snapshots are kept; empty where all of them are, and nothing is pruned by schedule.
    public Optional<KeepPolicy> keep() {
      return Optional.ofNullable(keepOrNull);
    }
  }
}
