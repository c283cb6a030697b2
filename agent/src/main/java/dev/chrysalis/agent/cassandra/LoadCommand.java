package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.agent.task.WorkName;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.cassandra.agent.load.RingLoad;
import dev.chrysalis.cassandra.agent.load.SnapshotTables;
import dev.chrysalis.cassandra.archive.RingInVault;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent cassandra load`. Its result: `snapshots`, `tables`, `partitions`, `rows` (that clients
/// see), `bytes` (of all nodes' tables, merged), `sent` (to all nodes).
@Command(
    name = "load",
    description =
        "Loads a backup into a ring whatever its nodes are: into another shape, or one keyspace or"
            + " table beside the living ones. Each partition is streamed once to each of its nodes."
            + " As of when the backup was taken, without the log behind it.")
final class LoadCommand extends TaskCommand {
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = new MemberOptions("cassandra");
  @Mixin private LoadOptions load = new LoadOptions();
  @Mixin private WorkName name = new WorkName();

  @Option(
      names = "--backup",
      paramLabel = "NAME",
      description = "that backup of the ring (the newest)")
  private @Nullable String backup;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "how many files to fetch at once (as many as there are cores)")
  private int threads = Runtime.getRuntime().availableProcessors();

  LoadCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    RingLoad.Request _ = load.request();
    String store = member.store(environment);
    try (Vault vault = opening.open(environment, report::note)) {
      Map<MemberId, SnapshotId> nodes =
          new RingInVault(vault, store, Duration.ZERO, environment.clock())
              .snapshots(Optional.ofNullable(backup));
      report.note("loading " + nodes);
      RingLoad.Loaded loaded =
          load.load(
              SnapshotTables.of(vault, store, nodes, threads),
              name.id(environment),
              environment,
              report);
      Map<String, String> result = new TreeMap<>(LoadOptions.result(loaded));
      result.put("snapshots", nodes.values().toString());
      return result;
    }
  }
}
