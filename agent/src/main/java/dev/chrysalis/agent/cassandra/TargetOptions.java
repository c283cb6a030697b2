package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
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
    return NodePoint.at(vault, store, member, moment.get(), Duration.ofSeconds(syncPeriod));
  }

  /// Tells the server's next start where to end.
  void write(AgentEnvironment environment, Report report) {
    Optional<Instant> moment = moment();
    if (moment.isPresent()) {
      Path folder = configuration(environment);
      PointInTime.write(folder, moment.get());
      report.note("when the node has started once: agent cassandra started --conf " + folder);
    }
  }

  /// Takes that back.
  void remove(AgentEnvironment environment) {
    if (moment().isPresent()) {
      PointInTime.remove(configuration(environment));
    }
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
