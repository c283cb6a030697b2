package dev.chrysalis.cli.command;

import dev.chrysalis.cli.CliErrors;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.drill.Drill;
import dev.chrysalis.cli.drill.LoadedService;
import dev.chrysalis.cli.drill.Scorecard;
import dev.chrysalis.lab.Fault;
import dev.chrysalis.lab.Lab;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.StackFile;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "drill",
    description = "Breaks the lab on purpose, under load, recovers it, verifies and scores it.")
public final class DrillCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;
  @Mixin private LabCommand.Folder folder = new LabCommand.Folder();
  @Mixin private Output output = new Output();

  @Parameters(
      paramLabel = "FAULT",
      converter = LabCommand.FaultConverter.class,
      description = "primary-lost, store-lost, data-corrupted, primary-down, …")
  private Fault fault = Fault.PRIMARY_LOST;

  @Option(names = "--rate", paramLabel = "N", description = "writes a second (default: 40)")
  private int rate = 40;

  @Option(
      names = "--against-runbook",
      description = {
        "all-down only: then break the lab once more, follow the commands of the runbook that was",
        "written for hands, with its sleeps, and print how many times as long that takes"
      })
  private boolean againstRunbook;

  public DrillCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    refuseWithoutPage();
    Lab lab = folder.lab();
    PrintStream told = output.wantsJson() ? err : out;
    try (Site site = Site.open(StackFile.load(lab.layout().stackFile()));
        HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
        LoadedService loaded = LoadedService.of(lab, Drill.loaded(fault), http)) {
      loaded.start(rate);
      Drill drill = loaded.drill(lab.layout().root().resolve("reports"), told, err);
      loaded.warmUp(rate);
      Scorecard card =
          againstRunbook
              ? drill.againstRunbook().play(site)
              : new Scorecard(List.of(drill.play(site, fault)));
      output.print(out, card, "\n" + card.text());
      return card.allVerified() ? 0 : Category.PARTIAL.exitCode();
    }
  }

  private void refuseWithoutPage() {
    if (againstRunbook && fault != Fault.ALL_DOWN) {
      throw new ChrysalisException(
          CliErrors.BAD_USAGE,
          "--against-runbook compares all-down only",
          "run chrysalis drill all-down --against-runbook");
    }
  }
}
