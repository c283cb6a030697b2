package dev.chrysalis.cli.command;

import dev.chrysalis.cli.Columns;
import dev.chrysalis.cli.Output;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.SiteOptions;
import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.model.stack.Objectives;
import dev.chrysalis.platform.Member;
import dev.chrysalis.postgres.control.WalInVault.RestorePoint;
import dev.chrysalis.recovery.Assessment;
import dev.chrysalis.recovery.ProofAge;
import dev.chrysalis.recovery.ProtectionView;
import dev.chrysalis.recovery.forecast.ScenarioForecast;
import dev.chrysalis.vault.proof.Proof;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "status",
    description = "Could we recover now, how fast, and how much would be lost?")
public final class StatusCommand implements Callable<Integer> {
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
  /// where nobody knows; forecasts only where there is something to restore from.
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
      List<Forecast> forecasts,
      List<Proved> proofs,
      List<String> faults) {}

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
  record Forecast(String scenario, double seconds, double objectiveSeconds, int runs, String text) {
    static Forecast of(ScenarioForecast f) {
      return new Forecast(
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
              new ProtectionView.Seen(Optional.empty(), Optional.empty(), List.of()));
    };
  }

  private static Status status(
      Site site, Assessment found, String vault, ProtectionView.Seen seen) {
    Optional<RestorePoint> newest = seen.newest();
    Objectives objectives = site.stack().objectives();
    return new Status(
        site.stack().name(),
        found.scenario(),
        members(site),
        vault,
        seen.age().map(StatusCommand::seconds).orElse(-1.0),
        seconds(objectives.recoveryPoint()),
        newest.map(p -> p.snapshotAt().toString()).orElse(""),
        newest.map(RestorePoint::newestCommit).orElse(""),
        newest.map(RestorePoint::snapshot).orElse(""),
        site.recovery().forecasts(found).values().stream()
            .flatMap(List::stream)
            .map(Forecast::of)
            .toList(),
        vault.isEmpty() ? proofs(site) : List.of(),
        seen.faults());
  }

  private static List<Proved> proofs(Site site) {
    return site.recovery().datastores().stream()
        .flatMap(store -> site.recovery().proofAges(store).stream())
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
      columns
          .row(
              "recovery point", age(s.recoveryPointAgeSeconds(), s.recoveryPointObjectiveSeconds()))
          .row("restore window", s.restoreWindowFrom() + " to " + s.restoreWindowTo())
          .row("newest snapshot", s.newestSnapshot().isEmpty() ? "none" : s.newestSnapshot());
      s.proofs().forEach(p -> columns.row("proof", p.text()));
      s.forecasts().forEach(f -> columns.row("forecast", f.text()));
    } else {
      columns.row("recovery point", "unknown, " + s.vault());
    }
    s.members().forEach(m -> columns.row("member", m));
    s.faults().forEach(f -> columns.row("fault", f));
    return columns.toString();
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
