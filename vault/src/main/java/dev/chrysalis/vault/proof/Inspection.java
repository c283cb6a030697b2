package dev.chrysalis.vault.proof;

import dev.chrysalis.vault.DamagedObject;
import java.util.List;

/// What a prover read and found.
///
/// @param bytes how much content was read, authenticated and hashed
/// @param chunks how many chunks that was
/// @param packs how many packs the snapshot needs
/// @param pieces how many pieces of logs the stretches have
/// @param damaged what is damaged or missing, in ascending order of key; at most
///   `SnapshotProver.MOST_NAMED` of them
/// @param damagedObjects how many that are in truth
/// @param damagedFiles how many files of the snapshot cannot be restored; all, where its manifest
///   cannot be read
public record Inspection(
    long bytes,
    long chunks,
    long packs,
    long pieces,
    List<DamagedObject> damaged,
    long damagedObjects,
    long damagedFiles) {
  public Inspection {
    damaged = List.copyOf(damaged);
  }

  public boolean intact() {
    return damagedObjects == 0;
  }
}
