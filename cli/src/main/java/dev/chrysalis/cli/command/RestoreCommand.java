package dev.chrysalis.cli.command;

import dev.chrysalis.cli.CliErrors;
import dev.chrysalis.cli.Columns;
import dev.chrysalis.cli.DatastoreOption;
import dev.chrysalis.cli.JobLine;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.cli.TargetOptions;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.RestoreBeside;
import dev.chrysalis.recovery.RestoreBeside.Copy;
import dev.chrysalis.recovery.cassandra.CassandraStore;
import dev.chrysalis.recovery.cassandra.TableRestores;
import dev.chrysalis.recovery.redis.KeyRestores;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "restore",
    description = {
      "Brings a moment up as a server of its own beside the living database, to be read; or brings",
      "some of Redis' keys, or some of Cassandra's tables, back beside the living ones. What was",
      "asked for before goes on."
    })
public final class RestoreCommand implements Callable<Integer> {
  private final PrintStream out;
  private final PrintStream err;
  @Mixin private SiteOptions options = new SiteOptions();
  @Mixin private DatastoreOption datastore = new DatastoreOption();
  @Mixin private TargetOptions target = new TargetOptions();
  @Mixin private Output output = new Output();

  @ArgGroup(multiplicity = "1")
  private What what = new What();

  /// What is to be done.
  static final class What {
    @Option(names = "--into", paramLabel = "NAME", description = "bring a copy up as NAME")
    private @Nullable String into;

    @Option(
        names = "--keys",
        paramLabel = "PATTERN",
        description = "bring keys of Redis back, as KEYS names them: session:*")
    private @Nullable String keys;

    @Option(
        names = "--table",
        paramLabel = "KEYSPACE[.TABLE]",
        description = "bring tables of Cassandra back: shop.orders")
    private @Nullable String tables;

    @Option(names = "--drop", paramLabel = "NAME", description = "end and remove the copy NAME")
    private @Nullable String drop;

    @Option(names = "--list", description = "show the copies that are there")
    private boolean list;
  }

  @Option(
      names = "--as-prefix",
      paramLabel = "PREFIX",
      description =
          "with --keys: put before each name (without it, only what is missing comes back)")
  private String prefix = "";

  @Option(names = "--replace", description = "with --keys: overwrite keys that are there")
  private boolean replace;

  @Option(
      names = "--as-keyspace",
      paramLabel = "KEYSPACE",
      description = "with --table: in that keyspace, beside the living ones (their own)")
  private @Nullable String keyspace;

  @Option(
      names = "--backup",
      paramLabel = "NAME",
      description = "with --table: of that backup (all that is in the vault, or --to)")
  private @Nullable String backup;

  @Option(names = "--again", description = "with --table: go on with what was cut off")
  private boolean again;

  public RestoreCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    String keys = what.keys;
    String tables = what.tables;
    requireTogether(
        keys != null, replace || !prefix.isEmpty(), "--as-prefix and --replace", "--keys");
    requireTogether(
        tables != null,
        keyspace != null || backup != null || again,
        "--as-keyspace, --backup and --again",
        "--table");
    if (backup != null && target.isGiven()) {
      throw new ChrysalisException(
          CliErrors.BAD_USAGE,
          "--backup and --to exclude each other",
          "a backup is a moment: leave one of them out");
    }
    if (keys != null && keys.isEmpty()) {
      throw new ChrysalisException(
          CliErrors.BAD_USAGE,
          "an empty pattern names no key",
          "name the keys: chrysalis restore --keys 'session:*'");
    }
    try (Site site = options.open()) {
      if (keys != null) {
        return keys(site, new KeyRestores.Wanted(keys, prefix, replace));
      }
      if (tables != null) {
        return tables(
            site,
            new TableRestores.Wanted(tables, Optional.ofNullable(keyspace), asOf(site), again));
      }
      RestoreBeside beside = site.recovery().beside(datastore.postgres(site));
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

  private static void requireTogether(boolean one, boolean others, String names, String with) {
    if (others && !one) {
      throw new ChrysalisException(
          CliErrors.BAD_USAGE, names + " go with " + with, "see chrysalis restore --help");
    }
  }

  private TableRestores.AsOf asOf(Site site) {
    if (backup != null) {
      return new TableRestores.AsOf.Backup(backup);
    }
    return target
        .orLatest()
        .moment(datastore.cassandra(site).declared().name())
        .<TableRestores.AsOf>map(TableRestores.AsOf.Moment::new)
        .orElseGet(TableRestores.AsOf.Newest::new);
  }

  private int tables(Site site, TableRestores.Wanted wanted) {
    TableRestores.Restored restored =
        site.recovery()
            .trials()
            .tables(datastore.cassandra(site))
            .restore(
                wanted,
                Holder.thisProcess("chrysalis restore --table"),
                new JobLine(err, "tables"));
    backUp(site);
    output.print(
        out,
        restored,
        "%d tables of %s are back%s, with %d rows, and in a backup%n"
            .formatted(
                restored.tables(),
                wanted.tables(),
                wanted.keyspace().map(name -> " in " + name).orElse(""),
                restored.rows()));
    return 0;
  }

  /// What was streamed is in no commit log: until there is a backup of it, it is lost with the
  /// ring.
  private void backUp(Site site) {
    CassandraStore store = datastore.cassandra(site);
    try {
      var _ =
          site.recovery()
              .backups()
              .take(
                  store,
                  Holder.thisProcess("chrysalis restore --table"),
                  new JobLine(err, store.declared().name()));
    } catch (ChrysalisException e) {
      throw new ChrysalisException(
          e.code(),
          "the tables are back, but not yet in a backup: " + e.getMessage(),
          "take one: chrysalis backup " + store.declared().name(),
          e);
    }
  }

  private int keys(Site site, KeyRestores.Wanted wanted) {
    KeyRestores.Restored restored =
        site.recovery()
            .trials()
            .keys(datastore.redis(site))
            .restore(
                wanted,
                target.orLatest(),
                Holder.thisProcess("chrysalis restore --keys"),
                new JobLine(err, "keys"));
    output.print(out, restored, text(wanted, restored));
    return 0;
  }

  private static String text(KeyRestores.Wanted wanted, KeyRestores.Restored restored) {
    if (restored.restored() + restored.there() == 0) {
      return "There was no key of %s at %s: nothing came back.%n"
          .formatted(wanted.pattern(), restored.at());
    }
    return "%d keys of %s are back%s as they were at %s; %d were left alone, since there was one of that name%n"
        .formatted(
            restored.restored(),
            wanted.pattern(),
            wanted.prefix().isEmpty() ? "" : " as " + wanted.prefix() + "…",
            restored.at(),
            restored.there());
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
