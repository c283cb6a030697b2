package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.redis.agent.server.Roles;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `agent redis lead`, beside a running server.
@Command(name = "lead", description = "Makes the running server a master.")
final class LeadCommand extends TaskCommand {
  @Mixin private ServerOptions server = new ServerOptions();

  @Option(names = "--even-empty", description = "also where it has no key")
  private boolean evenEmpty;

  LeadCommand(AgentEnvironment environment, VolumeGuard guard) {
    super(environment, guard);
  }

  @Override
  public Map<String, String> run(Report report) {
    return new Roles(server.connection(environment), report::note).lead(evenEmpty);
  }
}
