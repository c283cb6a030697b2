package dev.chrysalis.agent.job;

import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.job.JobState;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `agent job quiet --token N`: what an earlier run left at work on this member gives up, so that
/// the member's volume can be exchanged.
@Command(
    name = "quiet",
    description = "Tells all running jobs of this member to give up; returns when they have.")
final class QuietCommand implements Callable<Integer> {
  private final AgentEnvironment environment;

  @Option(
      names = "--token",
      required = true,
      paramLabel = "N",
      converter = JobIdConverter.OfToken.class,
      description = "the fencing token of the lease under which this is ordered")
  private @Nullable Token token;

  QuietCommand(AgentEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (token == null) {
      throw new IllegalStateException("required parameters are not set");
    }
    Spool spool = Spool.of(environment);
    StatePrinter printer = new StatePrinter(environment.out(), false);
    for (JobDirectory job : spool.jobs()) {
      if (StatePrinter.state(job) instanceof JobState.Running) {
        new JobCanceller(spool).cancel(job, token);
        printer.print(job);
      }
    }
    return 0;
  }
}
