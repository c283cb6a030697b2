package dev.chrysalis.cli;

import dev.chrysalis.agent.AgentMain;
import dev.chrysalis.agent.task.Failures;
import dev.chrysalis.cli.command.AbortCommand;
import dev.chrysalis.cli.command.ApproveCommand;
import dev.chrysalis.cli.command.AsideCommand;
import dev.chrysalis.cli.command.AssessCommand;
import dev.chrysalis.cli.command.BackupCommand;
import dev.chrysalis.cli.command.CheckCommand;
import dev.chrysalis.cli.command.DemoCommand;
import dev.chrysalis.cli.command.DrillCommand;
import dev.chrysalis.cli.command.LabCommand;
import dev.chrysalis.cli.command.PlanCommand;
import dev.chrysalis.cli.command.ProtectCommand;
import dev.chrysalis.cli.command.ProveCommand;
import dev.chrysalis.cli.command.PruneCommand;
import dev.chrysalis.cli.command.RecoverCommand;
import dev.chrysalis.cli.command.ReportCommand;
import dev.chrysalis.cli.command.RestoreCommand;
import dev.chrysalis.cli.command.RestorePointsCommand;
import dev.chrysalis.cli.command.ResumeCommand;
import dev.chrysalis.cli.command.RunsCommand;
import dev.chrysalis.cli.command.StatusCommand;
import dev.chrysalis.cli.command.VaultCommand;
import dev.chrysalis.cli.command.VerifyCommand;
import dev.chrysalis.model.ChrysalisException;
import java.io.PrintStream;
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
    System.exit(commandLine(System.out, System.err).execute(arguments));
  }

  /// All commands, printing to these streams.
  public static CommandLine commandLine(PrintStream out, PrintStream err) {
    CommandLine main = new CommandLine(new Main());
    main.addSubcommand(new CheckCommand(out))
        .addSubcommand(new AssessCommand(out))
        .addSubcommand(new StatusCommand(out))
        .addSubcommand(new VerifyCommand(out))
        .addSubcommand(new ProtectCommand(out, err))
        .addSubcommand(new BackupCommand(out, err))
        .addSubcommand(new RestorePointsCommand(out))
        .addSubcommand(new RestoreCommand(out, err))
        .addSubcommand(new ProveCommand(out, err))
        .addSubcommand(new PruneCommand(out, err))
        .addSubcommand(new VaultCommand(out, err))
        .addSubcommand(new PlanCommand(out, err))
        .addSubcommand(new RecoverCommand(out, err))
        .addSubcommand(new ResumeCommand(out, err))
        .addSubcommand(new AbortCommand(out, err))
        .addSubcommand(new ApproveCommand(out))
        .addSubcommand(new RunsCommand(out))
        .addSubcommand(new ReportCommand(out))
        .addSubcommand(new AsideCommand(out))
        .addSubcommand(new DrillCommand(out, err))
        .addSubcommand(new DemoCommand(out, err))
        .addSubcommand(new LabCommand(out, err))
        .addSubcommand("agent", AgentMain.commandLine(AgentMain.ofThisProcess()));
    help(main);
    main.setExecutionExceptionHandler((e, _, _) -> Failures.print(e, err));
    main.setParameterExceptionHandler((e, _) -> Failures.print(badUsage(e), err));
    return main;
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
