package dev.chrysalis.cli.command;

import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.RunbookText;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.RecoveryErrors;
import dev.chrysalis.recovery.aftermath.RunbookFolder;
import dev.chrysalis.recovery.aftermath.RunbookFolder.Difference;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "runbook",
    description = "Brings a folder of Markdown runbooks, one a scenario, up to date.")
public final class RunbookCommand implements Callable<Integer> {
  private final PrintStream out;
  @Mixin private SiteOptions options = new SiteOptions();
  @Mixin private Output output = new Output();

  @Option(
      names = "--write",
      paramLabel = "DIR",
      required = true,
      description = "the folder; files in it that chrysalis did not make are never touched")
  private Path folder = Path.of("");

  @Option(
      names = {"--check", "--dry-run"},
      description = "write nothing; fail where a file is not up to date")
  private boolean check;

  public RunbookCommand(PrintStream out) {
    this.out = out;
  }

  /// What `-o json` prints.
  record Result(String folder, int pages, Map<String, String> changes) {}

  @Override
  public Integer call() {
    Map<String, String> pages;
    try (Site site = options.look()) {
      pages = pages(site);
    }
    RunbookFolder runbooks = new RunbookFolder(folder);
    Map<String, Difference> differences = check ? runbooks.compare(pages) : runbooks.write(pages);
    Map<String, String> changes =
        differences.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    e -> e.getValue().name().toLowerCase(Locale.ROOT).replace('_', '-')));
    output.print(
        out, new Result(folder.toString(), pages.size(), changes), text(pages.size(), differences));
    if (check && !differences.isEmpty()) {
      throw new ChrysalisException(
          RecoveryErrors.RUNBOOK_OUTDATED,
          differences.size() + " files of " + folder + " are not up to date",
          "bring them up to date: chrysalis runbook --write " + folder);
    }
    return 0;
  }

  static Map<String, String> pages(Site site) {
    return RunbookText.pages(
        site.stack().name(),
        site.stack().objectives(),
        site.recovery().runbooks(),
        site.recovery().actions());
  }

  private String text(int pages, Map<String, Difference> differences) {
    if (differences.isEmpty()) {
      return pages + " files are up to date in " + folder + "\n";
    }
    return differences.entrySet().stream()
        .map(e -> "%s  %s%n".formatted(word(e.getValue()), e.getKey()))
        .collect(Collectors.joining());
  }

  private String word(Difference difference) {
    return switch (difference) {
      case MISSING -> check ? "missing  " : "written  ";
      case OUTDATED -> check ? "outdated " : "written  ";
      case LEFT_OVER -> check ? "left over" : "removed  ";
      case FOREIGN -> "foreign  ";
    };
  }
}
