package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.ReportedCopy;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.agent.task.WorkName;
import dev.chrysalis.cassandra.agent.load.LoadRequest;
import dev.chrysalis.cassandra.agent.load.PlainTables;
import dev.chrysalis.cassandra.agent.load.RingLoad;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.VaultLocation;
import dev.chrysalis.vault.s3.Backends;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent cassandra load-dump`. Its result: `tables`, `partitions`, `rows`, `bytes`, `sent`, as of
/// `load`.
@Command(
    name = "load-dump",
    description =
        "Loads tables into a ring that somebody copied to a bucket by hand:"
            + " …/KEYSPACE/TABLE/…-Data.db with a schema.cql.")
final class LoadDumpCommand extends TaskCommand {
  @Option(
      names = "--location",
      required = true,
      paramLabel = "URL",
      description = "where it is: file:///…, or s3://bucket/prefix?region=…")
  private String location = "";

  @Option(
      names = "--prefix",
      required = true,
      paramLabel = "FOLDER",
      description = "the folder of one backup there: cassandra/2026-11-20/")
  private String prefix = "";

  @Mixin private LoadOptions load = new LoadOptions();
  @Mixin private RingOptions ring = new RingOptions();
  @Mixin private WorkName name = new WorkName();

  LoadDumpCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    LoadRequest request = load.request();
    String folder = prefix.endsWith("/") ? prefix : prefix + "/";
    try (Backend bucket = Backends.open(VaultLocation.parse(location))) {
      PlainTables source = PlainTables.of(bucket, folder);
      return ring.with(
          name.id(environment),
          environment,
          (loader, scratch) ->
              LoadOptions.result(
                  new RingLoad(loader, scratch, new ReportedCopy(report)).run(source, request)));
    }
  }
}
