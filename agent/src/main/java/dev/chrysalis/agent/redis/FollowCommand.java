package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.agent.server.Roles;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent redis follow --master HOST:PORT`, beside a running server.
@Command(
    name = "follow",
    description = "Makes the running server a replica: what it has and its master has not is gone.")
final class FollowCommand extends TaskCommand {
  private static final Pattern ADDRESS = Pattern.compile("(\\S+):(\\d{1,5})");

  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--master", required = true, paramLabel = "HOST:PORT")
  private String master = "";

  FollowCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    Matcher m = ADDRESS.matcher(master);
    if (!m.matches()) {
      throw new ChrysalisException(
          AgentErrors.BAD_COMMAND, "not an address: " + master, "give --master HOST:PORT");
    }
    return new Roles(server.connection(environment), report::note)
        .follow(m.group(1), Integer.parseInt(m.group(2)));
  }
}
