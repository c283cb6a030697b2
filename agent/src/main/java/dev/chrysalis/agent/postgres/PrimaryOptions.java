package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.postgres.agent.files.RecoverySettings;
import dev.chrysalis.postgres.agent.server.StandbySlot;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which primary a standby is to follow.
final class PrimaryOptions {
  @Option(names = "--primary-host", paramLabel = "HOST", description = "the primary's address")
  private @Nullable String host;

  @Option(names = "--primary-port", paramLabel = "PORT", description = "(PGPORT; 5432)")
  private @Nullable Integer port;

  @Option(
      names = "--primary-user",
      paramLabel = "USER",
      description = "a role with REPLICATION (PGUSER; postgres)")
  private @Nullable String user;

  @Option(
      names = "--primary-passfile",
      paramLabel = "FILE",
      description = "a .pgpass file that the server can read (PGPASSFILE)")
  private @Nullable Path passFile;

  @Option(
      names = "--primary-slot",
      paramLabel = "NAME",
      defaultValue = "",
      description = "the replication slot to use there")
  private String slot = "";

  @Option(
      names = "--make-slot",
      description =
          "keep WAL for this standby by a slot of its own on the primary; where none can be made"
              + " the standby does without")
  private boolean makeSlot;

  /// The primary's address, or an error that says what is missing.
  String host() {
    if (host == null || host.isBlank()) {
      throw new ChrysalisException(
          AgentErrors.MISSING_SETTING,
          "the primary's address is not given",
          "name it with --primary-host");
    }
    return host;
  }

  int port(AgentEnvironment environment) {
    return port != null ? port : environment.variable("PGPORT").map(Integer::parseInt).orElse(5432);
  }

  /// Makes the standby's slot on the primary, if that was asked for. A standby without one is still
  /// a standby, so what keeps it from having one is told and is no error.
  void makeSlot(Connection primary, MemberId standby, Report report) {
    if (!makeSlot) {
      return;
    }
    String name = StandbySlot.nameFor(standby);
    try {
      StandbySlot.make(primary, name);
      slot = name;
    } catch (SQLException e) {
      report.note(
          "%s follows without a replication slot: %s could not be made: %s"
              .formatted(standby, name, e.getMessage()));
    }
  }

  RecoverySettings.AsStandby settings(
      AgentEnvironment environment, String primary, String name, String restoreCommand) {
    return new RecoverySettings.AsStandby(
        primary,
        port(environment),
        user != null ? user : environment.variable("PGUSER").orElse("postgres"),
        Optional.ofNullable(passFile).or(() -> environment.variable("PGPASSFILE").map(Path::of)),
        slot,
        name,
        restoreCommand);
  }
}
