package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.cassandra.agent.load.SnapshotTables;
import dev.chrysalis.cassandra.archive.RingInVault;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The tables of which backup of the ring.
final class BackupOptions {
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = new MemberOptions("cassandra");

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

  /// Does something with them while the vault is open.
  <T> T with(AgentEnvironment environment, Report report, Function<SnapshotTables, T> work) {
    String store = member.store(environment);
    try (Vault vault = opening.open(environment, report::note)) {
      Map<MemberId, SnapshotId> nodes =
          new RingInVault(vault, store, Duration.ZERO, environment.clock())
              .snapshots(Optional.ofNullable(backup));
      report.note("of the snapshots " + nodes);
      return work.apply(SnapshotTables.of(vault, store, nodes, threads));
    }
  }
}
