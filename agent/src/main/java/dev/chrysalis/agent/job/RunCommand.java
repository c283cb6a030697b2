package dev.chrysalis.agent.job;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.platform.job.JobId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `agent job run ID`: what `start` starts.
@Command(name = "run", hidden = true, description = "Runs a job that was specified by start.")
final class RunCommand implements Callable<Integer> {
  private final AgentEnvironment environment;
  private final TaskParser parser;

  @Parameters(paramLabel = "ID", converter = JobIdConverter.class)
  private @Nullable JobId id;

  @Option(names = "--attempt", paramLabel = "N", defaultValue = "1")
  private int attempt = 1;

  RunCommand(AgentEnvironment environment, TaskParser parser) {
    this.environment = environment;
    this.parser = parser;
  }

  @Override
  public Integer call() {
    if (id == null) {
      throw new IllegalStateException("required parameters are not set");
    }
    Spool spool = Spool.of(environment);
    return new JobRunner(environment, spool, parser).run(spool.job(id), attempt);
  }
}
