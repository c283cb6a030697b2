package dev.chrysalis.agent.postgres;

import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.postgres.agent.dump.DumpSource;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.VaultLocation;
import dev.chrysalis.vault.s3.Backends;
import java.util.function.Function;
import picocli.CommandLine.Option;

/// Which dump.
final class DumpOptions {
  @Option(
      names = "--dumps",
      required = true,
      paramLabel = "URL",
      description = "where the dumps are: file:///…, or s3://bucket/prefix?region=…")
  private String location = "";

  @Option(
      names = "--key",
      required = true,
      paramLabel = "KEY",
      description = "its name there: postgres/DATE/backup.sql.gz")
  private String key = "";

  String key() {
    return key;
  }

  /// Does something with the dump, while its place is open.
  <T> T with(CopyProgress progress, Function<DumpSource, T> work) {
    try (Backend bucket = Backends.open(VaultLocation.parse(location))) {
      return work.apply(new DumpSource(bucket, key, progress));
    }
  }
}
