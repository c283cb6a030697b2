package dev.chrysalis.agent.task;

import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.JobLine;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Mixin;

/// A command that does a task: called directly it prints the task's events on standard output; a
/// job parses the same arguments and runs the task itself.
public abstract class TaskCommand implements Callable<Integer>, Task {
  protected final AgentEnvironment environment;
  private final VolumeGuard guard;

  @Mixin protected OutputOptions output = new OutputOptions();

  protected TaskCommand(AgentEnvironment environment, VolumeGuard guard) {
    this.environment = environment;
    this.guard = guard;
  }

  @Override
  public boolean changesVolume() {
    return false;
  }

  @Override
  public final Integer call() throws InterruptedException {
    if (!changesVolume()) {
      return direct();
    }
    try (VolumeGuard.Held _ = guard.hold("process " + ProcessHandle.current().pid())) {
      return direct();
    }
  }

  private int direct() throws InterruptedException {
    EventPrinter printer = new EventPrinter(environment.out(), output.json());
    AtomicLong n = new AtomicLong();
    PacedReport report =
        new PacedReport(
            environment.clock(), event -> printer.print(line(n.getAndIncrement(), event)));
    Map<String, String> result = run(report);
    printer.print(line(n.getAndIncrement(), new JobEvent.Done(result)));
    return 0;
  }

  private JobLine line(long n, JobEvent event) {
    return new JobLine(n, environment.clock().instant(), event);
  }
}
