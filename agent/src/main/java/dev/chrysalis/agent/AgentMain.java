package dev.chrysalis.agent;

import dev.chrysalis.agent.answer.Asking;
import dev.chrysalis.agent.answer.Desk;
import dev.chrysalis.agent.cassandra.CassandraCommands;
import dev.chrysalis.agent.job.JobCommands;
import dev.chrysalis.agent.job.SpoolGuard;
import dev.chrysalis.agent.postgres.PostgresCommands;
import dev.chrysalis.agent.redis.RedisCommands;
import dev.chrysalis.agent.task.AgentEnvironment;
import dev.chrysalis.agent.task.Failures;
import dev.chrysalis.agent.task.Subcommands;
import dev.chrysalis.agent.task.Task;
import dev.chrysalis.agent.task.VolumeGuard;
import dev.chrysalis.model.ChrysalisException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// The agent's program, and the command `agent` of the command line.
@Command(
    name = "agent",
    description = "Works beside a datastore's member, between its volume and the vault.",
    synopsisSubcommandLabel = "COMMAND")
public final class AgentMain {
  private final AgentEnvironment environment;
  private final BiFunction<AgentEnvironment, VolumeGuard, Subcommands> tasks;

  private AgentMain(
      AgentEnvironment environment, BiFunction<AgentEnvironment, VolumeGuard, Subcommands> tasks) {
    this.environment = environment;
    this.tasks = tasks;
  }

  public static void main(String[] arguments) {
    List<String> words = List.of(arguments);
    System.exit(
        Asking.ask(System.getenv(), words, System.out, System.err)
            .orElseGet(() -> execute(ofThisProcess(), words)));
  }

  private static int execute(AgentEnvironment environment, List<String> words) {
    if (!stays(words)) {
      return answer(environment, words);
    }
    Optional<Desk> desk = Desk.open(environment, AgentMain::answer);
    try {
      return answer(environment, words);
    } finally {
      desk.ifPresent(Desk::close);
    }
  }

  /// Whether the command goes on for as long as its member: it answers questions meanwhile.
  private static boolean stays(List<String> words) {
    return words.equals(List.of("answer")) || (words.size() > 1 && words.get(1).equals("ship"));
  }

  private static int answer(AgentEnvironment environment, List<String> words) {
    return commandLine(environment, words).execute(words.toArray(String[]::new));
  }

  /// The environment of this very process.
  public static AgentEnvironment ofThisProcess() {
    return new AgentEnvironment(
        System.getenv(), System.out, System.err, InstantSource.system(), AgentMain.class.getName());
  }

  /// The command with what these words need below it, to be executed or mounted in another.
  public static CommandLine commandLine(AgentEnvironment environment, List<String> words) {
    return commandLine(environment, words, AgentMain::stores);
  }

  /// The command with the given tasks.
  public static CommandLine commandLine(
      AgentEnvironment environment,
      List<String> words,
      BiFunction<AgentEnvironment, VolumeGuard, Subcommands> tasks) {
    return new AgentMain(environment, tasks).command(words);
  }

  private static Subcommands stores(AgentEnvironment environment, VolumeGuard guard) {
    return new Subcommands()
        .addGroup("postgres", words -> PostgresCommands.of(environment, guard, words))
        .addGroup("redis", words -> RedisCommands.of(environment, guard, words))
        .addGroup("cassandra", words -> CassandraCommands.of(environment, guard, words));
  }

  private CommandLine command(List<String> words) {
    CommandLine command =
        tasks()
            .addGroup("job", below -> JobCommands.of(environment, this::parse, below))
            .add("answer", AnswerCommand::new)
            .under(this, words);
    help(command);
    command
        .setExecutionExceptionHandler((e, _, _) -> Failures.print(e, environment.err()))
        .setParameterExceptionHandler((e, _) -> Failures.print(badCommand(e), environment.err()));
    return command;
  }

  private static void help(CommandLine command) {
    command.getCommandSpec().mixinStandardHelpOptions(true);
    command.getSubcommands().values().forEach(AgentMain::help);
  }

  private Subcommands tasks() {
    return tasks.apply(environment, new SpoolGuard(environment));
  }

  private Task parse(List<String> words) {
    try {
      ParseResult result = tasks().under(this, words).parseArgs(words.toArray(String[]::new));
      List<CommandLine> chain = result.asCommandLineList();
      if (chain.getLast().getCommand() instanceof Task task) {
        return task;
      }
    } catch (ParameterException e) {
      throw notATask(words, ": " + e.getMessage(), e);
    }
    throw notATask(words, "", null);
  }

  private static ChrysalisException notATask(
      List<String> words, String why, @Nullable Throwable cause) {
    return new ChrysalisException(
        AgentErrors.NOT_A_TASK,
        "not a task: " + String.join(" ", words) + why,
        "give a command that could stand by itself: postgres backup",
        cause);
  }

  private static ChrysalisException badCommand(ParameterException e) {
    return new ChrysalisException(
        AgentErrors.BAD_COMMAND,
        String.valueOf(e.getMessage()),
        "see " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help",
        e);
  }
}
