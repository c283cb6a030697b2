package dev.chrysalis.cli;

import dev.chrysalis.cli.live.LiveView;
import dev.chrysalis.cli.live.Terminal;
import dev.chrysalis.engine.Approver;
import dev.chrysalis.engine.Consent;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.RunObserver;
import dev.chrysalis.engine.RunnerSettings;
import dev.chrysalis.engine.Step;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Optional;
import picocli.CommandLine.Option;

/// How a run is driven from the command line: what was approved, and who watches.
public final class RunOptions {
  @Option(
      names = "--approve",
      description = "approve the whole plan as shown, points of no return included")
  private boolean approve;

  @Option(
      names = "--plain",
      description = "a line for each event, also on a terminal (as in a pipe)")
  private boolean plain;

  public Consent consent() {
    return approve ? Consent.WHOLE_PLAN : Consent.STEP_BY_STEP;
  }

  /// Progress goes to `progress`, which is standard error where the result is JSON.
  public RunnerSettings settings(String command, PrintStream progress) {
    Optional<LiveView> live = plain ? Optional.empty() : Terminal.view(progress, System.getenv());
    return RunnerSettings.of(Holder.thisProcess(command))
        .asking(approver(live))
        .telling(view(live, progress));
  }

  /// Shows a run on a terminal, else line by line.
  public static RunObserver view(PrintStream out) {
    return view(Terminal.view(out, System.getenv()), out);
  }

  private static RunObserver view(Optional<LiveView> live, PrintStream out) {
    return live.isPresent() ? live.get() : new RunView(out, InstantSource.system());
  }

  /// Asks the person at the terminal for the stack's name before anything is done; with `--approve`
  /// that was the word. Returns false where somebody has to be asked and nobody is there or the
  /// answer is no.
  public boolean confirm(String stack, PrintStream out) {
    if (approve) {
      return true;
    }
    return Terminal.console()
        .map(console -> {
          out.printf("To do this, type the stack's name (%s): ", stack);
          out.flush();
          return stack.equals(console.readLine());
        })
        .orElse(false);
  }

  private Approver approver(Optional<LiveView> live) {
    if (approve) {
      return Approver.absent();
    }
    return step -> live.map(view -> view.whileAsking(() -> ask(step))).orElseGet(() -> ask(step));
  }

  private static boolean ask(Step step) {
    return Terminal.console()
        .map(console -> {
          String answer = console.readLine("%n%s: go on? [yes/no] ", step.title());
          return "yes".equals(answer);
        })
        .orElse(false);
  }
}
