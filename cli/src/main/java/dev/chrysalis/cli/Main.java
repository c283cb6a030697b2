package dev.chrysalis.cli;

import dev.chrysalis.agent.AgentMain;
import dev.chrysalis.agent.task.Failures;
import dev.chrysalis.agent.task.Subcommands;
import dev.chrysalis.cli.command.AbortCommand;
import dev.chrysalis.cli.command.ApproveCommand;
import dev.chrysalis.cli.command.AsideCommand;
import dev.chrysalis.cli.command.AssessCommand;
import dev.chrysalis.cli.command.BackupCommand;
import dev.chrysalis.cli.command.CheckCommand;
import dev.chrysalis.cli.command.DemoCommand;
import dev.chrysalis.cli.command.DrillCommand;
import dev.chrysalis.cli.command.LabCommand;
import dev.chrysalis.cli.command.NotifyCommand;
import dev.chrysalis.cli.command.PlanCommand;
import dev.chrysalis.cli.command.ProtectCommand;
import dev.chrysalis.cli.command.ProveCommand;
import dev.chrysalis.cli.command.PruneCommand;
import dev.chrysalis.cli.command.RecoverCommand;
import dev.chrysalis.cli.command.ReportCommand;
import dev.chrysalis.cli.command.RestoreCommand;
import dev.chrysalis.cli.command.RestorePointsCommand;
import dev.chrysalis.cli.command.ResumeCommand;
import dev.chrysalis.cli.command.RunbookCommand;
import dev.chrysalis.cli.command.RunsCommand;
import dev.chrysalis.cli.command.StatusCommand;
import dev.chrysalis.cli.command.VaultCommand;
import dev.chrysalis.cli.command.VerifyCommand;
import dev.chrysalis.model.ChrysalisException;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// The command line.
@Command(
    name = "chrysalis",
    description = "Brings a broken stack back, inside its objectives, with evidence.",
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  public static void main(String[] arguments) {
    System.exit(run(System.out, System.err, arguments));
  }

  /// Runs a command that prints to these streams; returns its exit code.
  public static int run(PrintStream out, PrintStream err, String... words) {
    return commandLine(out, err, List.of(words)).execute(words);
  }

  /// The commands that these words need, or all of them where they name none, printing to these
  /// streams.
  public static CommandLine commandLine(PrintStream out, PrintStream err, List<String> words) {
    CommandLine main = commands(out, err).under(new Main(), words);
    help(main);
    main.setExecutionExceptionHandler((e, _, _) -> Failures.print(e, err));
    main.setParameterExceptionHandler((e, _) -> Failures.print(badUsage(e), err));
    return main;
  }

  private static Subcommands commands(PrintStream out, PrintStream err) {
    return new Subcommands()
        .add("check", () -> new CheckCommand(out))
        .add("assess", () -> new AssessCommand(out))
        .add("status", () -> new StatusCommand(out))
        .add("verify", () -> new VerifyCommand(out, err))
        .add("protect", () -> new ProtectCommand(out, err))
        .add("backup", () -> new BackupCommand(out, err))
        .add("restore-points", () -> new RestorePointsCommand(out))
        .add("restore", () -> new RestoreCommand(out, err))
        .add("prove", () -> new ProveCommand(out, err))
        .add("prune", () -> new PruneCommand(out, err))
        .add("vault", () -> new VaultCommand(out, err))
        .add("plan", () -> new PlanCommand(out, err))
        .add("recover", () -> new RecoverCommand(out, err))
        .add("resume", () -> new ResumeCommand(out, err))
        .add("abort", () -> new AbortCommand(out, err))
        .add("approve", () -> new ApproveCommand(out))
        .add("runs", () -> new RunsCommand(out))
        .add("report", () -> new ReportCommand(out))
        .add("notify", () -> new NotifyCommand(out))
        .add("runbook", () -> new RunbookCommand(out))
        .add("aside", () -> new AsideCommand(out))
        .add("drill", () -> new DrillCommand(out, err))
        .add("demo", () -> new DemoCommand(out, err))
        .add("lab", () -> new LabCommand(out, err))
        .addGroup("agent", words -> AgentMain.commandLine(AgentMain.ofThisProcess(), words));
  }

  private static void help(CommandLine command) {
    if (!command.getCommandSpec().optionsMap().containsKey("--help")) {
      command.getCommandSpec().mixinStandardHelpOptions(true);
    }
    command.getSubcommands().values().forEach(Main::help);
  }

  private static ChrysalisException badUsage(ParameterException e) {
    return new ChrysalisException(
        CliErrors.BAD_USAGE,
        String.valueOf(e.getMessage()),
        "see " + e.getCommandLine().getCommandSpec().qualifiedName() + " --help",
        e);
  }
}
