package dev.chrysalis.cli.command;

import dev.chrysalis.cli.CliErrors;
import dev.chrysalis.cli.Columns;
import dev.chrysalis.cli.DatastoreOption;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.PrunableVault;
import dev.chrysalis.cli.RunOptions;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Ticker;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.model.stack.KeepPolicy;
import dev.chrysalis.recovery.Pruning;
import dev.chrysalis.vault.prune.Pruned;
import dev.chrysalis.vault.prune.Retention;
import dev.chrysalis.vault.prune.Retention.Verdict;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "prune",
    description = {
      "Removes the snapshots that the stack file's policy does not keep, and all that only they",
      "need: shows what goes, asks, does it. Can be killed and run again at any time."
    })
public final class PruneCommand implements Callable<Integer> {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
  private static final double MEGABYTE = 1e6;

  private final PrintStream out;
  private final PrintStream err;
  @Mixin private SiteOptions options = new SiteOptions();
  @Mixin private DatastoreOption datastore = new DatastoreOption();
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private Output output = new Output();

  @Option(names = "--dry-run", description = "show what would go, and stop")
  private boolean dryRun;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      description = {
        "how long to wait for backups that run, before what they may need is deleted; a later prune",
        "takes it else (default: 10m)"
      })
  private String wait = "10m";

  public PruneCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /// What `-o json` prints.
  ///
  /// @param done false for a dry run: then `pruned` is what would go
  record Result(boolean done, List<Line> snapshots, Pruned pruned) {}

  /// A snapshot, and why it stays.
  record Line(String snapshot, String at, boolean complete, boolean kept, List<String> reasons) {}

  @Override
  public Integer call() {
    Duration patience = patience();
    try (Site site = options.open()) {
      Datastore store = datastore.of(site).declared();
      KeepPolicy policy = policy(store);
      try (PrunableVault vault = PrunableVault.open(site.stack().vault())) {
        Pruning pruning = vault.pruning(site);
        Pruning.Decision decision = pruning.decide(store, policy);
        PrintStream told = output.wantsJson() ? err : out;
        Result forecast = result(false, decision, pruning.forecast(decision));
        if (dryRun) {
          output.print(out, forecast, text(forecast));
          return 0;
        }
        told.print(text(forecast));
        if (!run.confirm(site.stack().name(), told)) {
          throw new ChrysalisException(
              CliErrors.NOT_APPROVED,
              "nothing was pruned: it was not approved",
              "type the stack's name when asked, or use --approve in scripts");
        }
        Holder holder = Holder.thisProcess("chrysalis prune");
        Pruned pruned = pruning.run(store, policy, decision, holder, waiting(patience));
        Result result = result(true, decision, pruned);
        output.print(out, result, summary(pruned));
        return 0;
      }
    }
  }

  static KeepPolicy policy(Datastore store) {
    return store
        .backup()
        .keep()
        .orElseThrow(() ->
            new ChrysalisException(
                CliErrors.NO_KEEP_POLICY,
                "the stack file says not what to keep of " + store.name() + ": nothing is pruned",
                "add datastores."
                    + store.name()
                    + ".backup.keep; docs/stack-file.md describes it"));
  }

  private Duration patience() {
    try {
      return wait.equals("0") ? Duration.ZERO : Durations.parse(wait);
    } catch (IllegalArgumentException e) {
      throw new ChrysalisException(
          CliErrors.BAD_USAGE, "--wait " + e.getMessage(), "see chrysalis prune --help", e);
    }
  }

  private IntPredicate waiting(Duration patience) {
    Ticker ticker = Ticker.system();
    long end = ticker.nanos() + patience.toNanos();
    return open -> {
      if (ticker.nanos() >= end) {
        return false;
      }
      err.println("waiting for " + open + " running backups to end");
      try {
        ticker.pause(LOOK_AGAIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
      return true;
    };
  }

  private static Result result(boolean done, Pruning.Decision decision, Pruned pruned) {
    return new Result(done, decision.verdicts().stream().map(PruneCommand::line).toList(), pruned);
  }

  private static Line line(Verdict v) {
    return new Line(
        v.candidate().id().toString(),
        v.candidate().at().toString(),
        v.candidate().complete(),
        v.kept(),
        v.reasons().stream().sorted().map(Retention.Reason::words).toList());
  }

  private static String text(Result result) {
    Columns columns = new Columns().row("SNAPSHOT", "AT", "", "WHY");
    for (Line line : result.snapshots()) {
      columns.row(
          line.snapshot(),
          line.at(),
          line.kept() ? "stays" : "GOES",
          line.reasons().stream().collect(Collectors.joining(", "))
              + (line.complete() ? "" : " (cannot be restored)"));
    }
    return columns + "will go         " + summary(result.pruned());
  }

  static String summary(Pruned p) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%d snapshots, %d dead sessions, %d packs (%.1f MB), %d pieces of WAL (%.1f MB)%n"
            .formatted(
                p.snapshots(),
                p.sessions(),
                p.packs(),
                p.packBytes() / MEGABYTE,
                p.pieces(),
                p.pieceBytes() / MEGABYTE));
    if (p.records() > 0) {
      text.append("%d small records that nobody reads any more%n".formatted(p.records()));
    }
    if (p.locked() > 0) {
      text.append(
          "%d objects are held back by the store's lock; a later prune takes them%n"
              .formatted(p.locked()));
    }
    if (p.waitingFor() > 0) {
      text.append(
          "%d backups run; packs are deleted by a prune after them%n".formatted(p.waitingFor()));
    }
    return text.toString();
  }
}
