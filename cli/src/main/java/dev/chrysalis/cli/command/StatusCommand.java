package dev.chrysalis.cli.command;

import dev.chrysalis.cli.Columns;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.model.stack.Objectives;
import dev.chrysalis.platform.Member;
import dev.chrysalis.recovery.Assessment;
import dev.chrysalis.recovery.ProofAge;
import dev.chrysalis.recovery.ProtectionView;
import dev.chrysalis.recovery.forecast.ScenarioForecast;
import dev.chrysalis.recovery.store.StoreProtection;
import dev.chrysalis.recovery.store.StoreProtection.Window;
import dev.chrysalis.vault.proof.Proof;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "status",
    description = "Could we recover now, how fast, and how much would be lost?")
public final class StatusCommand implements Callable<Integer> {
  private static final StoreStatus NOTHING = new StoreStatus("", -1, "", "", "");

  private final PrintStream out;
  @Mixin private SiteOptions options = new SiteOptions();
  @Mixin private Output output = new Output();

  public StatusCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    try (Site site = options.look()) {
      Status status = status(site);
      output.print(out, status, text(status));
      return 0;
    }
  }

  /// What `status -o json` prints; ages in seconds, -1 where there is nothing to restore from, or
  /// where nobody knows; forecasts only where there is something to restore from. The age is that
  /// of the datastore that is worst off, the window that of the first one.
  ///
  /// @param vault why the vault cannot be read; empty where it was
  record Status(
      String stack,
      String scenario,
      List<String> members,
      String vault,
      double recoveryPointAgeSeconds,
      double recoveryPointObjectiveSeconds,
      String restoreWindowFrom,
      String restoreWindowTo,
      String newestSnapshot,
      List<StoreStatus> stores,
      List<Forecast> forecasts,
      List<Proved> proofs,
      List<String> faults) {}

  /// What the vault holds of a datastore; -1 and empty where there is nothing to restore from.
  record StoreStatus(
      String store,
      double recoveryPointAgeSeconds,
      String restoreWindowFrom,
      String restoreWindowTo,
      String newestSnapshot) {
    static StoreStatus of(StoreProtection p) {
      return new StoreStatus(
          p.datastore(),
          p.age().map(StatusCommand::seconds).orElse(-1.0),
          p.newest().map(w -> w.at().toString()).orElse(""),
          p.newest().map(Window::to).orElse(""),
          p.newest().map(Window::snapshot).orElse(""));
    }
  }

  /// How fresh a kind of proof is; ages in seconds, -1 where nothing was proved, or where no policy
  /// asks for it.
  record Proved(
      String store,
      String kind,
      boolean intact,
      String snapshot,
      double ageSeconds,
      double policySeconds,
      String text) {
    static Proved of(ProofAge age) {
      return new Proved(
          age.store(),
          age.kind().word(),
          age.newest().map(Proof::intact).orElse(false),
          age.newest().map(p -> p.snapshot().toString()).orElse(""),
          age.newest()
              .map(p -> StatusCommand.seconds(Duration.between(p.at(), age.now())))
              .orElse(-1.0),
          age.policy().map(StatusCommand::seconds).orElse(-1.0),
          age.toString());
    }
  }

  /// @param runs how many runs the expectation comes from; 0 where it is assumed
  record Forecast(
      String store,
      String scenario,
      double seconds,
      double objectiveSeconds,
      int runs,
      String text) {
    static Forecast of(String store, ScenarioForecast f) {
      return new Forecast(
          store,
          f.scenario(),
          StatusCommand.seconds(f.expected()),
          StatusCommand.seconds(f.objective()),
          f.runs(),
          f.toString());
    }
  }

  static Status status(Site site) {
    Assessment found = site.recovery().assess();
    return switch (site.recovery().protection().look()) {
      case ProtectionView.Seen seen -> status(site, found, "", seen);
      case ProtectionView.Unreadable u ->
          status(
              site,
              found,
              u.why() + "; " + u.hint(),
              new ProtectionView.Seen(List.of(), List.of()));
    };
  }

  private static Status status(
      Site site, Assessment found, String vault, ProtectionView.Seen seen) {
    List<StoreStatus> stores = seen.stores().stream().map(StoreStatus::of).toList();
    StoreStatus first = stores.isEmpty() ? NOTHING : stores.getFirst();
    Objectives objectives = site.stack().objectives();
    return new Status(
        site.stack().name(),
        found.scenario(),
        members(site),
        vault,
        vault.isEmpty() ? seen.age().map(StatusCommand::seconds).orElse(-1.0) : -1.0,
        seconds(objectives.recoveryPoint()),
        first.restoreWindowFrom(),
        first.restoreWindowTo(),
        first.newestSnapshot(),
        stores,
        site.recovery().forecasts(found).entrySet().stream()
            .flatMap(of -> of.getValue().stream().map(f -> Forecast.of(of.getKey(), f)))
            .toList(),
        vault.isEmpty() ? proofs(site) : List.of(),
        seen.faults());
  }

  private static List<Proved> proofs(Site site) {
    return site.recovery().stores().stream()
        .flatMap(store -> site.recovery().proofAges(store.declared()).stream())
        .map(Proved::of)
        .toList();
  }

  private static List<String> members(Site site) {
    return site.platform().workloads().stream()
        .flatMap(w -> w.members().stream())
        .map(StatusCommand::member)
        .toList();
  }

  private static String member(Member m) {
    return "%s %s %s".formatted(m.id(), m.address(), m.ready() ? "ready" : m.phase());
  }

  static String text(Status s) {
    Columns columns = new Columns().row("stack", s.stack() + ": " + scenario(s));
    if (s.vault().isEmpty()) {
      s.stores().forEach(store -> rows(columns, s, store));
      s.proofs().forEach(p -> columns.row("proof", of(s, p.store()) + p.text()));
      s.forecasts().forEach(f -> columns.row("forecast", of(s, f.store()) + f.text()));
    } else {
      columns.row("recovery point", "unknown, " + s.vault());
    }
    s.members().forEach(m -> columns.row("member", m));
    s.faults().forEach(f -> columns.row("fault", f));
    return columns.toString();
  }

  private static void rows(Columns columns, Status s, StoreStatus store) {
    String of = of(s, store.store());
    String snapshot = store.newestSnapshot().isEmpty() ? "none" : store.newestSnapshot();
    columns
        .row(
            "recovery point",
            of + age(store.recoveryPointAgeSeconds(), s.recoveryPointObjectiveSeconds()))
        .row("restore window", of + store.restoreWindowFrom() + " to " + store.restoreWindowTo())
        .row("newest snapshot", of + snapshot);
  }

  /// Of which datastore it is, where there are several.
  private static String of(Status s, String store) {
    return s.stores().size() == 1 ? "" : store + ": ";
  }

  private static String scenario(Status s) {
    if (!s.scenario().equals(Assessment.ALL_WELL)) {
      return s.scenario();
    }
    return s.vault().isEmpty() ? "all well" : "the members are well, the vault is not";
  }

  private static String age(double seconds, double objective) {
    return seconds < 0
        ? "none: nothing can be restored"
        : "%s ago (objective %s)".formatted(show(seconds), show(objective));
  }

  private static String show(double seconds) {
    return Durations.show(Duration.ofMillis(Math.round(seconds * 1000)));
  }

  private static double seconds(Duration d) {
    return d.toMillis() / 1000.0;
  }
}
