package dev.chrysalis.vault;

import java.time.Instant;
import java.util.Map;

/// A complete capture of a store as the catalog knows it.
///
/// @param facts what the store's agent says of it (versions, positions); short, no secrets
/// @param files how many files it holds
/// @param bytes the size of all its files
/// @param newBytes how much of that was not in the vault before
/// @param storedBytes what the new part takes in the vault after compression
public record Snapshot(
    SnapshotId id,
    String store,
    Instant startedAt,
    Instant completedAt,
    Map<String, String> facts,
    long files,
    long bytes,
    long newBytes,
    long storedBytes) {
  public Snapshot {
    facts = Map.copyOf(facts);
  }
}
