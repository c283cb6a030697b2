package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Finding;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.server.ServerConnection;
import dev.chrysalis.postgres.agent.server.ServerStateReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `agent postgres check`.
@Command(
    name = "check",
    description = "Looks for settings and missing rights that would hurt a backup or a recovery.")
final class CheckCommand extends TaskCommand {
  @Mixin private ServerOptions server = new ServerOptions();

  CheckCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    return Finding.tell(
        findings(server.connection(environment)), PostgresErrors.BAD_SETTING, report);
  }

  private static List<Finding> findings(ServerConnection server) {
    try (Connection connection = server.openToLook()) {
      return new ServerCheck().of(ServerStateReader.read(connection), connection);
    } catch (SQLException e) {
      throw new ChrysalisException(
          PostgresErrors.UNREACHABLE,
          "the server went away during the check: " + e.getMessage(),
          "see the server's log, then check again",
          e);
    }
  }
}
