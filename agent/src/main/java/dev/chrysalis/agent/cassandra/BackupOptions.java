package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.cassandra.agent.load.TablesAtMoment;
import dev.chrysalis.cassandra.archive.NodePoint;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.Vault;
import java.util.Map;
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
  <T> T with(AgentEnvironment environment, Report report, Function<TablesAtMoment, T> work) {
    String store = member.store(environment);
    try (Vault vault = opening.open(environment, report::note)) {
      Map<MemberId, NodePoint> nodes = moment.points(vault, store, environment.clock());
      nodes.forEach((node, point) ->
          report.note(
              "%s: snapshot %s, all of it up to %s"
                  .formatted(node, point.snapshot(), point.asOf())));
      return work.apply(new TablesAtMoment(vault, store, nodes, moment.moment(), threads));
    }
  }
}
