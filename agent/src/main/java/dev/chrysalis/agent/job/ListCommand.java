package dev.chrysalis.agent.job;

import dev.chrysalis.agent.task.AgentEnvironment;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `agent job list`.
@Command(name = "list", description = "Lists the jobs of this member and what became of them.")
final class ListCommand implements Callable<Integer> {
  private final AgentEnvironment environment;

  ListCommand(AgentEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    StatePrinter printer = new StatePrinter(environment.out(), false);
    Spool.of(environment).jobs().forEach(printer::print);
    return 0;
  }
}
