package dev.chrysalis.cli.command;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.chrysalis.cli.Columns;
import dev.chrysalis.cli.DatastoreOption;
import dev.chrysalis.cli.Dumps;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.control.WalInVault.RestorePoint;
import dev.chrysalis.recovery.cassandra.CassandraStore;
import dev.chrysalis.recovery.postgres.PostgresStore;
import dev.chrysalis.recovery.redis.RedisStore;
import dev.chrysalis.recovery.store.StoreDump;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.proof.Proof;
import dev.chrysalis.vault.proof.Proofs;
import java.io.PrintStream;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "restore-points",
    description =
        "Lists the snapshots, from when to when each can be restored, and what was proved.")
public final class RestorePointsCommand implements Callable<Integer> {
  private static final String DUMPS = "dumps that others made: chrysalis restore-points --dumps\n";

  private final PrintStream out;
  @Mixin private SiteOptions options = new SiteOptions();
  @Mixin private DatastoreOption datastore = new DatastoreOption();
  @Mixin private Output output = new Output();

  @Option(names = "--dumps", description = "list the dumps that others made instead")
  private boolean dumps;

  public RestorePointsCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    try (Site site = options.open()) {
      if (dumps) {
        return dumps(site);
      }
      if (datastore.of(site) instanceof RedisStore redis) {
        RedisPoints points = RedisPoints.of(redis, site.recovery().proofs());
        output.print(out, points.all(), points.text());
        return 0;
      }
      if (datastore.of(site) instanceof CassandraStore ring) {
        RingPoints points = RingPoints.of(ring, site.recovery().proofs());
        output.print(out, points.all(), points.text());
        return 0;
      }
      PostgresStore postgres = datastore.postgres(site);
      Datastore store = postgres.declared();
      Proofs proofs = site.recovery().proofs();
      List<Proved> points =
          postgres.wal().restorePoints().stream()
              .map(p -> new Proved(p, proofs(proofs, store, p)))
              .toList();
      String text =
          points.isEmpty() ? "Nothing can be restored.\n" : text(points) + window(postgres, points);
      output.print(out, points, text + (store.dumps().isPresent() ? DUMPS : ""));
      return 0;
    }
  }

  /// Those of all datastores, or of the one that was named.
  private int dumps(Site site) {
    List<StoreDump> all =
        (datastore.name().isPresent() ? List.of(datastore.of(site)) : site.recovery().stores())
            .stream().flatMap(store -> new Dumps(store.declared()).all().stream()).toList();
    Columns columns = new Columns().row("DATASTORE", "DUMP", "MB", "OBJECT");
    all.forEach(dump ->
        columns.row(
            dump.datastore(), dump.date(), Long.toString(dump.bytes() / 1_000_000), dump.key()));
    output.print(out, all, all.isEmpty() ? "There is no dump.\n" : columns.toString());
    return 0;
  }

  /// A restore point with the newest proof of each level; in JSON the point's fields stand beside
  /// `proofs`.
  record Proved(@JsonUnwrapped RestorePoint point, Collection<Proof> proofs) {}

  private static Collection<Proof> proofs(Proofs proofs, Datastore store, RestorePoint point) {
    return proofs.newest(store.name(), new SnapshotId(point.snapshot())).values();
  }

  private static String text(List<Proved> points) {
    Columns columns =
        new Columns()
            .row("SNAPSHOT", "TIMELINE", "FROM", "TO", "POSITIONS", "MB", "FAULTS", "PROOFS");
    for (Proved proved : points) {
      RestorePoint p = proved.point();
      columns.row(
          p.snapshot(),
          Integer.toString(p.timeline()),
          p.windowFrom().toString(),
          p.newestCommit(),
          p.from() + " to " + p.target(),
          Long.toString(p.bytes() / 1_000_000),
          faults(p),
          shown(proved.proofs()));
    }
    return columns.toString();
  }

  private static String faults(RestorePoint point) {
    String packs = point.missingPacks() == 0 ? "" : point.missingPacks() + " packs missing";
    String pages = point.damagedPages() == 0 ? "" : point.damagedPages() + " pages damaged";
    return Stream.of(packs, pages).filter(f -> !f.isEmpty()).collect(Collectors.joining(", "));
  }

  /// The window of the newest moment, as far back as unbroken WAL leads to it. Older restore points
  /// have windows of their own: their lines say which.
  private static String window(PostgresStore store, List<Proved> points) {
    List<RestorePoint> ofNewest =
        store.wal().newest().stream()
            .flatMap(
                newest -> points.stream().map(Proved::point).filter(p -> isOnTimelineOf(p, newest)))
            .toList();
    Optional<Lsn> end = ofNewest.stream().map(RestorePoint::end).max(Comparator.naturalOrder());
    return ofNewest.stream()
        .filter(p -> end.filter(p.end()::equals).isPresent())
        .findFirst()
        .map(p ->
            "window: %s to %s on timeline %d%n"
                .formatted(
                    p.windowFrom(),
                    store.wal().recoveryPoint().map(Object::toString).orElse(""),
                    p.timeline()))
        .orElse("");
  }

  private static boolean isOnTimelineOf(RestorePoint one, RestorePoint other) {
    return one.systemIdentifier().equals(other.systemIdentifier())
        && one.timeline() == other.timeline();
  }

  /// Proofs in one cell.
  static String shown(Collection<Proof> proofs) {
    return proofs.stream().map(RestorePointsCommand::show).collect(Collectors.joining(", "));
  }

  private static String show(Proof proof) {
    String part = proof.fraction() == 1 ? "" : " (%.0f%%)".formatted(proof.fraction() * 100);
    return (proof.intact() ? "" : "NOT ")
        + proof.level().word()
        + " "
        + proof.at().truncatedTo(ChronoUnit.SECONDS)
        + (proof.level() == Proof.Level.VERIFIED ? part : "");
  }
}
