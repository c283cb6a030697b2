package dev.chrysalis.agent.job;

import dev.chrysalis.agent.AgentMain;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Report;
import dev.chrysalis.agent.task.Subcommands;
import dev.chrysalis.agent.task.TaskCommand;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.PlatformErrors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// An agent with tasks that do what a test wants of them.
public final class TestAgent {
  private TestAgent() {}

  public static void main(String[] arguments) {
    AgentEnvironment process = AgentMain.ofThisProcess();
    AgentEnvironment environment =
        new AgentEnvironment(
            process.variables(),
            process.out(),
            process.err(),
            InstantSource.system(),
            TestAgent.class.getName());
    System.exit(commandLine(environment, List.of(arguments)).execute(arguments));
  }

  static CommandLine commandLine(AgentEnvironment environment, List<String> words) {
    return AgentMain.commandLine(
        environment,
        words,
        (e, guard) ->
            new Subcommands()
                .add("wait", () -> new Wait(e, guard))
                .add("fail", () -> new Fail(e, guard))
                .add("crash", () -> new Crash(e, guard)));
  }

  /// Writes a line to a file, then waits until another file appears.
  @Command(name = "wait")
  static final class Wait extends TaskCommand {
    @Option(names = "--ran", required = true)
    private Path ran = Path.of("");

    @Option(names = "--until", required = true)
    private Path until = Path.of("");

    @Option(names = "--volume")
    private boolean volume;

    Wait(AgentEnvironment environment, VolumeGuard guard) {
      super(environment, guard);
    }

    @Override
    public boolean changesVolume() {
      return volume;
    }

    @Override
    public Map<String, String> run(Report report) throws InterruptedException {
      try (WatchService watch = until.getFileSystem().newWatchService()) {
        until.toAbsolutePath().getParent().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
        Files.writeString(ran, "ran\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        report.note("waiting");
        report.progress("waiting", 1, 2);
        while (!Files.exists(until)) {
          var key = watch.poll(100, TimeUnit.MILLISECONDS);
          if (key != null) {
            key.reset();
          }
        }
        return Map.of("waited", "yes");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Fails with an error that it knows.
  @Command(name = "fail")
  static final class Fail extends TaskCommand {
    Fail(AgentEnvironment environment, VolumeGuard guard) {
      super(environment, guard);
    }

    @Override
    public Map<String, String> run(Report report) {
      throw new ChrysalisException(PlatformErrors.UNREACHABLE, "nobody\nthere", "look again");
    }
  }

  /// Fails with an error that nobody foresaw.
  @Command(name = "crash")
  static final class Crash extends TaskCommand {
    Crash(AgentEnvironment environment, VolumeGuard guard) {
      super(environment, guard);
    }

    @Override
    public Map<String, String> run(Report report) {
      throw new IllegalStateException("a fault");
    }
  }
}
