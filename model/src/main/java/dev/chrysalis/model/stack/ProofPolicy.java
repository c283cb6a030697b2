package dev.chrysalis.model.stack;

import java.time.Duration;
import java.util.List;

/// How fresh the proofs must be that a datastore's restore points restore.
///
/// @param verified how old the newest proof may become that read and hashed all of a restore point
/// @param restored the same for one that restored it, started a server on it and asked it
/// @param queries what the restored server is asked, besides all that it holds
public record ProofPolicy(Duration verified, Duration restored, List<ProofQuery> queries) {
  public ProofPolicy {
    queries = List.copyOf(queries);
    if (!verified.isPositive() || !restored.isPositive()) {
      throw new IllegalArgumentException("a proof's age must be positive");
    }
  }
}
