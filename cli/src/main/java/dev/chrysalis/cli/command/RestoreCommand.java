package dev.chrysalis.cli.command;

import dev.chrysalis.cli.CliErrors;
import dev.chrysalis.cli.Columns;
import dev.chrysalis.cli.JobLine;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.cli.TargetOptions;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.recovery.RestoreBeside;
import dev.chrysalis.recovery.RestoreBeside.Copy;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "restore",
    description = {
      "Brings a moment up as a server of its own beside the living database, to be read.",
      "Nothing of the living stack is touched; what was asked for before goes on."
    })
public final class RestoreCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;
  @Mixin private SiteOptions options = new SiteOptions();
  @Mixin private TargetOptions target = new TargetOptions();
  @Mixin private Output output = new Output();

  @ArgGroup(multiplicity = "1")
  private What what = new What();

  @Option(
      names = "--datastore",
      paramLabel = "NAME",
      description = "of which datastore (the only one)")
  private @Nullable String datastore;

  /// What is to be done.
  static final class What {
    @Option(names = "--into", paramLabel = "NAME", description = "bring a copy up as NAME")
    private @Nullable String into;

    @Option(names = "--drop", paramLabel = "NAME", description = "end and remove the copy NAME")
    private @Nullable String drop;

    @Option(names = "--list", description = "show the copies that are there")
    private boolean list;
  }

  public RestoreCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    try (Site site = options.open()) {
      RestoreBeside beside = site.recovery().beside(store(site));
      String into = what.into;
      String drop = what.drop;
      if (into != null) {
        Copy copy =
            beside.restore(
                into,
                target.orLatest(),
                Holder.thisProcess("chrysalis restore --into " + into),
                TargetOptions.reading(err),
                new JobLine(err, into));
        output.print(out, copy, text(copy));
      } else if (drop != null) {
        beside.drop(drop, Holder.thisProcess("chrysalis restore --drop " + drop));
        output.print(out, List.of(drop), "The copy " + drop + " is gone.");
      } else if (what.list) {
        list(beside.list());
      }
      return 0;
    }
  }

  private Datastore store(Site site) {
    List<Datastore> all = site.recovery().datastores();
    return all.stream()
        .filter(d -> datastore == null || d.name().equals(datastore))
        .findFirst()
        .orElseThrow(() ->
            new ChrysalisException(
                CliErrors.NO_SUCH_DATASTORE,
                "the stack has no datastore " + datastore,
                "it has: " + all.stream().map(Datastore::name).toList()));
  }

  private static String text(Copy copy) {
    return """
    %s is %s: %s of timeline %d%s
    read it         psql -h %s -p %d
    remove it       chrysalis restore --drop %s
    """
        .formatted(
            copy.name(),
            copy.state(),
            copy.target(),
            copy.timeline(),
            copy.commit().isEmpty() ? "" : ", last commit " + copy.commit(),
            copy.address(),
            copy.port(),
            copy.name());
  }

  private void list(List<Copy> copies) {
    Columns columns =
        new Columns().row("COPY", "STATE", "ADDRESS", "LAST COMMIT", "TARGET", "TIMELINE");
    copies.forEach(c ->
        columns.row(
            c.name(),
            c.state(),
            c.address() + ":" + c.port(),
            c.commit(),
            c.target(),
            Integer.toString(c.timeline())));
    output.print(out, copies, copies.isEmpty() ? "There are no copies." : columns.toString());
  }
}
