package dev.chrysalis.cli;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.DumpPolicy;
import dev.chrysalis.postgres.archive.Dump;
import dev.chrysalis.postgres.archive.DumpsInBucket;
import dev.chrysalis.recovery.RecoveryErrors;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.VaultLocation;
import dev.chrysalis.vault.s3.Backends;
import java.util.List;
import java.util.function.Function;

/// The dumps of a datastore that the stack file names.
public record Dumps(Datastore store) {
  /// All of them, the newest last; none where the stack file declares none.
  public List<Dump> all() {
    return store.dumps().isEmpty() ? List.of() : with(DumpsInBucket::all);
  }

  /// The one of that folder, or `latest`.
  public Dump find(String date) {
    return with(bucket -> bucket.find(date));
  }

  private <T> T with(Function<DumpsInBucket, T> work) {
    DumpPolicy policy =
        store
            .dumps()
            .orElseThrow(() ->
                new ChrysalisException(
                    RecoveryErrors.NO_DUMPS,
                    "the stack file does not say where dumps of " + store.name() + " are",
                    "declare datastores." + store.name() + ".dumps, see docs/stack-file.md"));
    try (Backend bucket = Backends.open(VaultLocation.parse(policy.location()))) {
      return work.apply(new DumpsInBucket(bucket));
    }
  }
}
