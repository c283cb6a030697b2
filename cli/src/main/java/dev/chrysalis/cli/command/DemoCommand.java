package dev.chrysalis.cli.command;

import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.Programs;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.drill.Drill;
import dev.chrysalis.cli.drill.LoadedService;
import dev.chrysalis.cli.drill.Score;
import dev.chrysalis.cli.drill.Scorecard;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.lab.Fault;
import dev.chrysalis.lab.Lab;
import dev.chrysalis.lab.LabClaim;
import dev.chrysalis.lab.LabService;
import dev.chrysalis.lab.LabServices;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.recovery.store.Store;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description = {
      "Starts a lab, loads and protects it, plays five disasters, recovers, and keeps the score.",
      "Leaves nothing behind but the reports."
    })
public final class DemoCommand implements Callable<Integer> {
  /// The most telling ones: a server, everything, a release, a store that would come up empty, and
  /// the data's meaning.
  private static final List<Fault> FEW =
      List.of(
          Fault.PRIMARY_LOST,
          Fault.STORE_LOST,
          Fault.BAD_RELEASE,
          Fault.REDIS_STORE_LOST,
          Fault.DATA_CORRUPTED);

  /// All that those who use the stack notice.
  private static final List<Fault> ALL =
      List.of(
          Fault.SERVICE_KILLED,
          Fault.SERVICE_HUNG,
          Fault.BAD_RELEASE,
          Fault.BAD_CONFIGURATION,
          Fault.OUT_OF_MEMORY,
          Fault.PRIMARY_DOWN,
          Fault.PRIMARY_LOST,
          Fault.STORE_LOST,
          Fault.REDIS_MASTER_DOWN,
          Fault.REDIS_STORE_LOST,
          Fault.CASSANDRA_NODE_LOST,
          Fault.CASSANDRA_QUORUM_LOST,
          Fault.CASSANDRA_STORE_LOST,
          Fault.ALL_DOWN,
          Fault.DATA_CORRUPTED,
          Fault.REDIS_DATA_CORRUPTED,
          Fault.CASSANDRA_DATA_CORRUPTED);

  private final PrintStream out;
  private final PrintStream err;
  @Mixin private Output output = new Output();

  @Option(names = "--rate", paramLabel = "N", description = "writes a second (default: 40)")
  private int rate = 40;

  @Option(names = "--all", description = "all five services, and every disaster that users notice")
  private boolean all;

  public DemoCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public Integer call() {
    Lab lab = Programs.ofThisProcess().demoLab();
    LabClaim claim = LabClaim.take(lab.layout());
    AtomicBoolean ending = new AtomicBoolean();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(lab, claim, ending), "lab-down"));
    try {
      return show(lab);
    } catch (ChrysalisException e) {
      if (ending.get()) {
        // The lab went away under the show, because the person at the terminal wanted so.
        return Category.INTERRUPTED.exitCode();
      }
      throw e;
    }
  }

  /// The claim goes last, also after a show that came to its end: until then the lab is ours.
  private static void end(Lab lab, LabClaim claim, AtomicBoolean ending) {
    ending.set(true);
    lab.down();
    claim.close();
  }

  private int show(Lab lab) {
    PrintStream told = output.wantsJson() ? err : out;
    lab.down();
    told.println(
        "A real stack on this machine: PostgreSQL with a replica, Redis with three Sentinels, "
            + (all
                ? "a ring of three Cassandra nodes, and all five services."
                : "and the services perception and odyssey."));
    lab.up(
        all ? LabServices.WHOLE : LabServices.WITH_BOTH_STORES,
        line -> told.println("    lab: " + line));
    Scorecard card = play(lab, told);
    lab.down();
    output.print(out, card, "\n" + card.text());
    return card.allVerified() ? 0 : Category.PARTIAL.exitCode();
  }

  private Scorecard play(Lab lab, PrintStream told) {
    Map<LabService, LoadedService> loaded = new EnumMap<>(LabService.class);
    try (Site site = Site.open(StackFile.load(lab.layout().stackFile()));
        HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
      try {
        for (Fault fault : all ? ALL : FEW) {
          loaded.computeIfAbsent(Drill.loaded(fault), s -> LoadedService.of(lab, s, http));
        }
        return play(site, loaded, lab.layout().root().resolveSibling("reports"), told);
      } finally {
        loaded.values().forEach(LoadedService::close);
      }
    }
  }

  private Scorecard play(
      Site site, Map<LabService, LoadedService> loaded, Path reports, PrintStream told) {
    loaded.values().forEach(load -> load.start(rate));
    told.printf(
        "    load: %d writes a second on %s, into the ledger%n", rate, words(loaded.values()));
    protect(site, told);
    List<Score> scores = new ArrayList<>();
    for (Fault fault : all ? ALL : FEW) {
      LoadedService load = Objects.requireNonNull(loaded.get(Drill.loaded(fault)));
      scores.add(load.drill(reports, told, err).play(site, fault));
    }
    return new Scorecard(scores);
  }

  private static String words(Collection<LoadedService> loaded) {
    return loaded.stream().map(LoadedService::words).collect(Collectors.joining(", as many on "));
  }

  private static void protect(Site site, PrintStream told) {
    for (Store store : site.recovery().stores()) {
      Map<String, String> backup =
          site.recovery().backups().take(store, Holder.thisProcess("chrysalis demo"), _ -> {});
      told.printf(
          "    protected: snapshot %s of %s, %d MB in %s s; %s%n",
          backup.get("snapshot"),
          backup.get("member"),
          Long.parseLong(backup.getOrDefault("bytes", "0")) / 1_000_000,
          backup.get("seconds"),
          site.recovery().protection().look().summary());
    }
  }
}
