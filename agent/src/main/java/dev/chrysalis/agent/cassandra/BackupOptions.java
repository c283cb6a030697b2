package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.vault.MemberOptions;
import dev.chrysalis.agent.vault.VaultOpening;
import dev.chrysalis.cassandra.agent.load.TablesAtMoment;
import dev.chrysalis.cassandra.archive.LogStretch;
import dev.chrysalis.cassandra.archive.NodePoint;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The tables of which moment of the ring.
final class BackupOptions {
  @Mixin private VaultOpening opening = new VaultOpening();
  @Mixin private MemberOptions member = MemberOptions.ofRing("cassandra");
  @Mixin private MomentOptions moment = new MomentOptions();

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "how many files to fetch at once (as many as there are cores)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--part",
      paramLabel = "MEMBER=SNAPSHOT[,STREAM:FROM-UNTIL]",
      description =
          "what a controller has chosen of a node: a snapshot, and pieces of the log behind it; for"
              + " each of them")
  private Map<String, String> parts = Map.of();

  /// Does something with them while the vault is open.
  <T> T with(AgentEnvironment environment, Report report, Function<TablesAtMoment, T> work) {
    if (!parts.isEmpty() && moment.backup().isPresent()) {
      throw MomentOptions.bad("--part excludes --backup", null);
    }
    String store = member.store(environment);
    try (Vault vault = opening.open(environment, report::note)) {
      Map<MemberId, NodePoint> nodes =
          parts.isEmpty() ? moment.points(vault, store, environment.clock()) : told(vault, store);
      nodes.forEach((node, point) ->
          report.note(
              "%s: snapshot %s, all of it up to %s"
                  .formatted(node, point.snapshot(), point.asOf())));
      return work.apply(new TablesAtMoment(vault, store, nodes, moment.moment(), threads));
    }
  }

  private Map<MemberId, NodePoint> told(Vault vault, String store) {
    Map<MemberId, NodePoint> points = new TreeMap<>();
    try {
      parts.forEach((member, part) -> {
        int comma = part.indexOf(',');
        Optional<LogStretch> log =
            comma < 0
                ? Optional.empty()
                : Optional.of(LogStretch.parse(vault, store, part.substring(comma + 1)));
        SnapshotId snapshot = new SnapshotId(comma < 0 ? part : part.substring(0, comma));
        points.put(MemberId.parse(member), NodePoint.of(vault, store, snapshot, log));
      });
      return points;
    } catch (IllegalArgumentException e) {
      throw MomentOptions.bad("--part: " + e.getMessage(), e);
    }
  }
}
