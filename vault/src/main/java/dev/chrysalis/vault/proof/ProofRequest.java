package dev.chrysalis.vault.proof;

import dev.chrysalis.vault.LogRange;
import dev.chrysalis.vault.SnapshotId;
import java.util.List;

/// What is to be proved.
///
/// @param logs the stretches of logs that a restore of the snapshot reads
/// @param sample the part of chunks, pack footers and log pieces that is read and hashed; whether
///   everything is there is always looked at
/// @param threads how many read at once
public record ProofRequest(
    String store, SnapshotId snapshot, List<LogRange> logs, Sample sample, int threads) {
  public ProofRequest {
    logs = List.copyOf(logs);
    if (threads < 1) {
      throw new IllegalArgumentException("a proof needs a thread");
    }
  }
}
