package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.cassandra.agent.load.LoadSource;
import dev.chrysalis.cassandra.agent.load.SnapshotTables;
import dev.chrysalis.cassandra.agent.load.TablesAtMoment;
import dev.chrysalis.cassandra.archive.LogStretch;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The tables of which moment of the ring.
final class BackupOptions {
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = new MemberOptions("cassandra");
  @Mixin private MomentOptions moment = new MomentOptions();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "how many files to fetch at once (as many as there are cores)")
  private int threads = Runtime.getRuntime().availableProcessors();

  /// Does something with them while the vault is open.
  <T> T with(AgentEnvironment environment, Report report, Function<LoadSource, T> work) {
    String store = member.store(environment);
    try (Vault vault = opening.open(environment, report::note)) {
      Map<MemberId, SnapshotId> snapshots = new TreeMap<>();
      Map<MemberId, LogStretch> logs = new TreeMap<>();
      moment
          .points(vault, store, environment.clock())
          .forEach((node, point) -> {
            snapshots.put(node, point.snapshot());
            point.log().ifPresent(log -> logs.put(node, log));
            report.note(
                "%s: snapshot %s, all of it up to %s"
                    .formatted(node, point.snapshot(), point.asOf()));
          });
      return work.apply(
          new TablesAtMoment(
              vault, SnapshotTables.of(vault, store, snapshots, threads), logs, moment.moment()));
    }
  }
}
