package dev.chrysalis.agent.job;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.OutputOptions;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.job.JobId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `agent job cancel ID --token N`.
@Command(
    name = "cancel",
    description = "Tells a job to give up, and returns when it has, or when it was done before.")
final class CancelCommand implements Callable<Integer> {
  private final AgentEnvironment environment;

  @Parameters(paramLabel = "ID", converter = JobIdConverter.class)
  private @Nullable JobId id;

  @Option(
      names = "--token",
      required = true,
      paramLabel = "N",
      converter = JobIdConverter.OfToken.class,
      description = "the fencing token of the lease under which this is ordered")
  private @Nullable Token token;

  @Mixin private OutputOptions output = new OutputOptions();

  CancelCommand(AgentEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (id == null || token == null) {
      throw new IllegalStateException("required parameters are not set");
    }
    Spool spool = Spool.of(environment);
    JobDirectory job = spool.job(id);
    new JobCanceller(spool).cancel(job, token);
    new StatePrinter(environment.out(), output.json()).print(job);
    return 0;
  }
}
