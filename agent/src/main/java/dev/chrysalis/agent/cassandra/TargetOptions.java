package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.cassandra.Release;
import dev.chrysalis.cassandra.agent.files.ReplaySettings;
import dev.chrysalis.cassandra.archive.LogStretch;
import dev.chrysalis.cassandra.archive.NodePoint;
import dev.chrysalis.cassandra.archive.RingInVault;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.Vault;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// To what a node is restored.
final class TargetOptions {
  @Mixin private MomentOptions when = new MomentOptions();
  @Mixin private ConfigurationOptions configuration = new ConfigurationOptions();

  @Option(
      names = "--snapshot",
      paramLabel = "ID",
      description = "that snapshot of the node, and of the log only what --log names")
  private @Nullable String snapshot;

  @Option(
      names = "--log",
      paramLabel = "STREAM:FROM-UNTIL",
      description = "with --snapshot: the pieces of the log behind it")
  private @Nullable String log;

  NodePoint choose(Vault vault, String store, MemberId member, AgentEnvironment environment) {
    Optional<String> backup = when.backup();
    if (backup.isPresent() && snapshot != null) {
      throw MomentOptions.bad("--backup excludes --snapshot", null);
    }
    if (log != null && snapshot == null) {
      throw MomentOptions.bad("--log only goes with --snapshot", null);
    }
    if (backup.isPresent()) {
      return NodePoint.of(vault, store, member, backup.get());
    }
    Optional<Instant> moment = when.moment();
    if (moment.isEmpty()) {
      return told(vault, store).orElseGet(() -> ring(vault, store).point(member, moment));
    }
    // Before anything is touched: without it the server would replay more than that.
    Path _ = configuration.folder(environment);
    NodePoint point = told(vault, store).orElseGet(() -> ring(vault, store).point(member, moment));
    if (!moment.get().equals(moment.get().truncatedTo(ChronoUnit.SECONDS))
        && !Release.takesFractions(point.facts().version())) {
      throw MomentOptions.bad(
          "Cassandra %s knows only whole seconds, and not %s"
              .formatted(point.facts().version(), moment.get()),
          null);
    }
    return point;
  }

  private RingInVault ring(Vault vault, String store) {
    return new RingInVault(vault, store, when.synced(), InstantSource.system());
  }

  /// Where the server's configuration lies and what it is to say; empty where that is not known,
  /// and no moment is asked for.
  ///
  /// @param overChange whether the schema may have changed before the end of the log
  Optional<ReplaySettings> target(AgentEnvironment environment, boolean overChange) {
    Optional<Instant> moment = when.moment();
    Optional<Path> folder =
        moment.isPresent()
            ? Optional.of(configuration.folder(environment))
            : configuration.folderIfSet(environment);
    return folder.map(conf -> new ReplaySettings(conf, moment, overChange));
  }

  /// What a controller has chosen.
  private Optional<NodePoint> told(Vault vault, String store) {
    if (snapshot == null) {
      return Optional.empty();
    }
    try {
      Optional<LogStretch> stretch =
          Optional.ofNullable(log).map(text -> LogStretch.parse(vault, store, text));
      return Optional.of(NodePoint.of(vault, store, new SnapshotId(snapshot), stretch));
    } catch (IllegalArgumentException e) {
      throw MomentOptions.bad(String.valueOf(e.getMessage()), e);
    }
  }
}
