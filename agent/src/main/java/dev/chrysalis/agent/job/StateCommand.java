package dev.chrysalis.agent.job;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.OutputOptions;
import dev.chrysalis.platform.job.JobId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `agent job state ID`.
@Command(name = "state", description = "Says what became of a job.")
final class StateCommand implements Callable<Integer> {
  private final AgentEnvironment environment;

  @Parameters(paramLabel = "ID", converter = JobIdConverter.class)
  private @Nullable JobId id;

  @Mixin private OutputOptions output = new OutputOptions();

  StateCommand(AgentEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (id == null) {
      throw new IllegalStateException("required parameters are not set");
    }
    JobDirectory job = Spool.of(environment).job(id);
    new StatePrinter(environment.out(), output.json()).print(job);
    return 0;
  }
}
