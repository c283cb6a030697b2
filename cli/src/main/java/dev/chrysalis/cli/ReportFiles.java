package dev.chrysalis.cli;

import dev.chrysalis.engine.RunOutcome;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.aftermath.PostMortem;
import dev.chrysalis.recovery.aftermath.ReviewInvite;
import dev.chrysalis.recovery.report.HtmlReport;
import dev.chrysalis.recovery.report.OwnFile;
import dev.chrysalis.recovery.report.RunReport;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What is left of a run in files: the report, the post-mortem to be filled in, and the review for
/// a calendar.
public final class ReportFiles {
  @Option(
      names = "--report",
      paramLabel = "DIR",
      description = "write report, post-mortem and the review's invitation there at the end")
  private @Nullable Path folder;

  /// Says when the run is to be talked about, and writes the files where that was asked for. What
  /// goes wrong is told: it makes no recovery fail.
  public void after(Site site, RunOutcome outcome, PrintStream out, PrintStream err) {
    if (!(outcome instanceof RunOutcome.Succeeded) && !(outcome instanceof RunOutcome.Aborted)) {
      return;
    }
    try {
      RunReport report = site.recovery().report(outcome.run());
      Path to = folder;
      if (to != null) {
        write(report, to);
        out.println("written: " + to.toAbsolutePath().resolve(report.run() + ".html"));
      }
      out.printf(
          "Review proposed for %s: chrysalis report %s --review review.ics%n",
          ReviewInvite.at(report), report.run());
    } catch (ChrysalisException e) {
      err.println("note: no report was made: " + e.code() + ": " + e.getMessage());
    }
  }

  /// Writes all of them into a folder, named after the run.
  public static void write(RunReport report, Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw cannotWrite(folder, e);
    }
    write(folder.resolve(report.run() + ".html"), HtmlReport.of(report));
    write(folder.resolve(report.run() + "-post-mortem.md"), PostMortem.of(report));
    write(folder.resolve(report.run() + "-review.ics"), ReviewInvite.of(report));
  }

  /// Writes one file, replacing an older one.
  public static void write(Path file, String text) {
    try {
      OwnFile.write(file, text);
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  private static ChrysalisException cannotWrite(Path file, IOException e) {
    return new ChrysalisException(
        CliErrors.CANNOT_WRITE,
        "cannot write " + file,
        "name a place in a folder of yours; the run's journal is whole: chrysalis runs",
        e);
  }
}
