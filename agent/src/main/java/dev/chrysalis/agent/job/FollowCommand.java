package dev.chrysalis.agent.job;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.EventPrinter;
import dev.chrysalis.agent.task.OutputOptions;
import dev.chrysalis.platform.job.JobId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `agent job follow ID --from N`.
@Command(
    name = "follow",
    description =
        "Prints a job's events as they come and ends after the last. Ends with 21 when the job's"
            + " process is gone without a result.")
final class FollowCommand implements Callable<Integer> {
  private final AgentEnvironment environment;

  @Parameters(paramLabel = "ID", converter = JobIdConverter.class)
  private @Nullable JobId id;

  @Option(
      names = "--from",
      paramLabel = "N",
      defaultValue = "0",
      description = "the number of the first event to print")
  private long from;

  @Mixin private OutputOptions output = new OutputOptions();

  FollowCommand(AgentEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (id == null) {
      throw new IllegalStateException("required parameters are not set");
    }
    JobDirectory job = Spool.of(environment).job(id);
    EventPrinter printer = new EventPrinter(environment.out(), output.json());
    new JobFollower(job, printer, () -> !environment.out().checkError()).follow(from);
    return 0;
  }
}
