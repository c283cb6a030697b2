package dev.chrysalis.agent.job;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.job.JobId;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `agent job start ID --token N -- TASK…`.
@Command(
    name = "start",
    description =
        "Starts a task in a process of its own and returns once it runs. Starting a job that was"
            + " started before changes nothing.")
final class StartCommand implements Callable<Integer> {
  private final AgentEnvironment environment;
  private final TaskParser parser;

  @Parameters(index = "0", paramLabel = "ID", converter = JobIdConverter.class)
  private @Nullable JobId id;

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "TASK", description = "postgres …")
  private List<String> task = List.of();

  @Option(
      names = "--token",
      required = true,
      paramLabel = "N",
      converter = JobIdConverter.OfToken.class,
      description = "the fencing token of the lease under which this is ordered")
  private @Nullable Token token;

  @Option(
      names = "--attempt",
      paramLabel = "N",
      defaultValue = "1",
      description = "one more than the attempt that was lost")
  private int attempt = 1;

  StartCommand(AgentEnvironment environment, TaskParser parser) {
    this.environment = environment;
    this.parser = parser;
  }

  @Override
  public Integer call() {
    if (id == null || token == null) {
      throw new IllegalStateException("required parameters are not set");
    }
    new JobStarter(environment, Spool.of(environment), parser).start(id, token, attempt, task);
    return 0;
  }
}
