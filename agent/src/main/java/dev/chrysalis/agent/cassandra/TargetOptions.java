package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.cassandra.agent.files.PointInTime;
import dev.chrysalis.cassandra.archive.NodePoint;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.vault.Vault;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// To what a node is restored.
final class TargetOptions {
  @Option(
      names = "--backup",
      paramLabel = "NAME",
      description = "that backup of the ring, without the log behind it")
  private @Nullable String backup;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description =
          "a moment with its zone: 2026-11-27T02:15:30Z (all that is in the vault). All nodes of a"
              + " ring need the same one")
  private @Nullable String to;

  @Option(
      names = "--sync-period",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "the server's commitlog_sync_period (10)")
  private long syncPeriod;

  @Option(
      names = "--conf",
      paramLabel = "DIR",
      description =
          "with --to: the folder of the server's configuration, where the moment is written for its"
              + " next start (CASSANDRA_CONF)")
  private @Nullable Path configuration;

  NodePoint choose(Vault vault, String store, MemberId member, AgentEnvironment environment) {
    if (backup != null && to != null) {
      throw bad("--backup and --to exclude each other", null);
    }
    if (backup != null) {
      return NodePoint.of(vault, store, member, backup);
    }
    Optional<Instant> moment = moment();
    if (moment.isEmpty()) {
      return NodePoint.newest(vault, store, member);
    }
    // Before anything is touched: without it the server would replay more than that.
    Path _ = configuration(environment);
    NodePoint point =
        NodePoint.at(vault, store, member, moment.get(), Duration.ofSeconds(syncPeriod));
    if (!moment.get().equals(moment.get().truncatedTo(ChronoUnit.SECONDS))
        && !PointInTime.takesFractions(point.facts().version())) {
      throw bad(
          "Cassandra %s knows only whole seconds, and not %s"
              .formatted(point.facts().version(), to),
          null);
    }
    return point;
  }

  /// Where the server's configuration lies and what it is to say; empty where that is not known,
  /// and no moment is asked for.
  Optional<PointInTime> target(AgentEnvironment environment) {
    return moment().isPresent()
        ? Optional.of(new PointInTime(configuration(environment), moment()))
        : Optional.ofNullable(configuration)
            .or(() -> environment.variable("CASSANDRA_CONF").map(Path::of))
            .map(folder -> new PointInTime(folder, Optional.empty()));
  }

  private Path configuration(AgentEnvironment environment) {
    return configuration != null
        ? configuration
        : Path.of(environment.required("CASSANDRA_CONF", "--conf"));
  }

  private Optional<Instant> moment() {
    try {
      return Optional.ofNullable(to).map(text -> OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      throw bad("not a moment with its zone: " + to, e);
    }
  }

  private static ChrysalisException bad(String message, @Nullable Throwable cause) {
    return new ChrysalisException(
        AgentErrors.BAD_COMMAND, message, "see agent cassandra restore --help", cause);
  }
}
