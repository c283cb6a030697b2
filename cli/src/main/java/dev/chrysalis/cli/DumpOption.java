package dev.chrysalis.cli;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.Assessment;
import dev.chrysalis.recovery.RecoveryErrors;
import dev.chrysalis.recovery.store.Store;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// A dump to recover from, in the place of the vault's restore points.
public final class DumpOption {
  @Option(
      names = "--dump",
      paramLabel = "DATE",
      description =
          "with store-lost: restore the dump that others made that day, or latest (see restore-points)")
  private @Nullable String date;

  /// The plan that restores the dump; empty where none is asked for.
  ///
  /// @param elsewhere whether a moment of the vault's was named, too, or the old data as ground
  public Optional<Plan> plan(
      Site site, DatastoreOption datastore, Optional<String> scenario, boolean elsewhere) {
    if (date == null) {
      return Optional.empty();
    }
    if (elsewhere) {
      throw new ChrysalisException(
          RecoveryErrors.DUMP_DOES_NOT_FIT,
          "a dump holds one moment and needs fresh storage: neither --to nor --in-place goes with"
              + " --dump",
          "leave one of them out");
    }
    Assessment found = site.recovery().assess();
    Store store = site.recovery().meant(found, scenario, datastore.name());
    return Optional.of(
        site.recovery().planWithDump(found, scenario, new Dumps(store.declared()).find(date)));
  }
}
