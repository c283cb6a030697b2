package dev.chrysalis.cli;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.archive.Dump;
import dev.chrysalis.recovery.RecoveryErrors;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// A dump to recover from, in the place of the vault's restore points.
public final class DumpOption {
  @Option(
      names = "--dump",
      paramLabel = "DATE",
      description =
          "with store-lost: restore what pg_dump wrote that day, or latest (see restore-points)")
  private @Nullable String date;

  /// The plan that restores the dump; empty where none is asked for.
  ///
  /// @param elsewhere whether a moment of the vault's was named, too, or the old data as ground
  public Optional<Plan> plan(Site site, Optional<String> scenario, boolean elsewhere) {
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
    Dump dump = new Dumps(site.recovery().datastores().getFirst()).find(date);
    return Optional.of(site.recovery().planWithDump(site.recovery().assess(), scenario, dump));
  }
}
