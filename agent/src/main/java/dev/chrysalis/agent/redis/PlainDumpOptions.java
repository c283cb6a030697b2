package dev.chrysalis.agent.redis;

import dev.chrysalis.redis.agent.files.PlainDump;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.VaultLocation;
import dev.chrysalis.vault.s3.Backends;
import java.util.function.Function;
import picocli.CommandLine.Option;

/// Which dump.
final class PlainDumpOptions {
  @Option(
      names = "--location",
      required = true,
      paramLabel = "URL",
      description = "where it is: file:///…, or s3://bucket/prefix?region=…")
  private String location = "";

  @Option(
      names = "--dump",
      defaultValue = PlainDump.KEY,
      paramLabel = "KEY",
      description = "its name there (" + PlainDump.KEY + ")")
  private String key = PlainDump.KEY;

  /// Does something with the dump, while its place is open.
  <T> T with(Function<PlainDump, T> work) {
    try (Backend bucket = Backends.open(VaultLocation.parse(location))) {
      return work.apply(new PlainDump(bucket, key));
    }
  }
}
