package dev.chrysalis.cli.drill;

import dev.chrysalis.cli.Outcomes;
import dev.chrysalis.cli.PlanText;
import dev.chrysalis.cli.ReportFiles;
import dev.chrysalis.cli.RunOptions;
import dev.chrysalis.cli.Site;
import dev.chrysalis.cli.TargetOptions;
import dev.chrysalis.cli.ToldRun;
import dev.chrysalis.engine.Consent;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.RunOutcome;
import dev.chrysalis.engine.RunnerSettings;
import dev.chrysalis.engine.Ticker;
import dev.chrysalis.lab.Disaster;
import dev.chrysalis.lab.Fault;
import dev.chrysalis.lab.Lab;
import dev.chrysalis.lab.ledger.Incident;
import dev.chrysalis.lab.ledger.Ledger;
import dev.chrysalis.lab.ledger.LedgerVerdict;
import dev.chrysalis.lab.ledger.Write;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.control.RestoreGround;
import dev.chrysalis.recovery.Assessment;
import dev.chrysalis.recovery.Planner;
import dev.chrysalis.recovery.RestoreAim;
import dev.chrysalis.recovery.report.RunReport;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Plays disasters on a lab under load, and scores the recoveries.
///
/// 1. The fault is injected; from that moment the clock runs.
/// 2. The assessment is repeated until it finds something broken, as a person or an alarm would.
///    Wrong values are found by no assessment: after a while the moment is told.
/// 3. The plan for it is run, approved as a whole.
/// 4. From the moment at which clients are back, the first write that was sent after it and
///    acknowledged is awaited, and every value of the ledger is read back: there the clock stops.
/// 5. When the run has ended the values are compared once more.
public final class Drill {
  private static final Duration DETECTION = Duration.ofMinutes(2);
  private static final Duration READ_BACK = Duration.ofMinutes(5);
  private static final Duration PACE = Duration.ofMillis(200);
  private static final Duration UNNOTICED = Duration.ofSeconds(3);

  private final Lab lab;
  private final Ledger ledger;
  private final Path reports;
  private final PrintStream out;
  private final PrintStream err;
  private final InstantSource clock;
  private final Ticker ticker;
  private final Set<Long> goneBefore = new HashSet<>();

  /// @param ledger the one that the running load writes to
  /// @param reports the folder for the pages
  public Drill(
      Lab lab, Ledger ledger, Path reports, PrintStream out, PrintStream err, InstantSource clock) {
    this.lab = lab;
    this.ledger = ledger;
    this.reports = reports;
    this.out = out;
    this.err = err;
    this.clock = clock;
    this.ticker = Ticker.system();
  }

  /// Waits until that many writes were acknowledged, or that long.
  public void warmUp(long writes, Duration most) {
    long until = ticker.nanos() + most.toNanos();
    while (ledger.acknowledgedCount() < writes && ticker.nanos() < until) {
      pause();
    }
  }

  /// Plays one disaster and recovers from it.
  public Score play(Site site, Fault fault) {
    return play(site, fault, RestoreGround.FRESH);
  }

  /// The same, where values are wrong restored upon that ground.
  public Score play(Site site, Fault fault, RestoreGround ground) {
    out.printf("%n=== disaster: %s%n", fault.what());
    rememberWhatIsGone();
    Disaster disaster = lab.breakIt(fault);
    out.printf("    %s %s%n%n", disaster.at(), disaster.members());
    Plan plan = plan(site, disaster, ground);
    out.printf("%n%s%n", PlanText.table(plan).indent(4).stripTrailing());
    ReturnOfClients clients = new ReturnOfClients(RunOptions.view(out), clock, disaster.at());
    try (ToldRun people = new ToldRun(site, err);
        ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Optional<Instant>> recovered =
          CompletableFuture.supplyAsync(() -> readBack(disaster, clients), beside);
      int exit;
      String run;
      try {
        RunOutcome outcome =
            site.recovery()
                .runner(
                    people.with(
                        RunnerSettings.of(Holder.thisProcess("chrysalis drill")).telling(clients)))
                .start(plan, Consent.WHOLE_PLAN);
        Outcomes.learn(site.recovery(), outcome, err);
        exit = Outcomes.tell(outcome, out, err);
        run = outcome.run();
      } finally {
        clients.runEnded();
      }
      return score(site, plan, run, disaster, clients, instant(recovered), exit == 0);
    }
  }

  /// What earlier disasters took, by loss or on purpose, is not the next one's doing.
  private void rememberWhatIsGone() {
    Instant now = clock.instant();
    try (HttpClient http = HttpClient.newHttpClient()) {
      LedgerVerdict before =
          LedgerVerdict.compare(ledger.writes(), lab.reader(http), Incident.of(now, now));
      goneBefore.clear();
      before.lost().forEach(l -> goneBefore.add(l.id()));
    }
  }

  /// No look at servers finds wrong values: somebody tells since when they are wrong.
  private Plan plan(Site site, Disaster disaster, RestoreGround ground) {
    Instant right = disaster.restoreTo();
    if (right == null) {
      Assessment found = detect(site);
      found.findings().forEach(f -> out.println("    found: " + f.text()));
      return site.recovery().plan(found, Optional.empty());
    }
    awaitNotice(site, right);
    out.println("    told: values are wrong, and were right until " + right);
    return site.recovery()
        .plan(
            site.recovery().assess(),
            Optional.of(Planner.DATA_CORRUPTED),
            Optional.of(RestoreAim.of(new RestoreGoal.AtTime(right))),
            ground,
            TargetOptions.reading(out));
  }

  /// Writes go on for a while before anybody sees the damage.
  private void awaitNotice(Site site, Instant damage) {
    long until = ticker.nanos() + DETECTION.toNanos();
    while (ticker.nanos() < until
        && (ledger.firstAcknowledgedAfter(damage.plus(UNNOTICED)).isEmpty()
            || site.recovery().wal().recoveryPoint().filter(damage::isBefore).isEmpty())) {
      pause();
    }
  }

  private Assessment detect(Site site) {
    long until = ticker.nanos() + DETECTION.toNanos();
    Assessment found = site.recovery().assess();
    while (found.allWell() && ticker.nanos() < until) {
      pause();
      found = site.recovery().assess();
    }
    return found;
  }

  /// When clients had acknowledged writes and all values were back.
  private Optional<Instant> readBack(Disaster disaster, ReturnOfClients clients) {
    Optional<Instant> returned = clients.returned().join();
    if (returned.isEmpty()) {
      return Optional.empty();
    }
    long until = ticker.nanos() + READ_BACK.toNanos();
    while (ledger.firstAcknowledgedAfter(returned.get()).isEmpty()) {
      if (ticker.nanos() > until) {
        return Optional.empty();
      }
      pause();
    }
    LedgerVerdict _ = compare(disaster, clients.cutOff());
    return Optional.of(clock.instant());
  }

  private Optional<Instant> instant(CompletableFuture<Optional<Instant>> recovered) {
    try {
      return recovered.get(READ_BACK.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      err.println("the values were not read back: " + e.getMessage());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private LedgerVerdict compare(Disaster disaster, Instant cutOff) {
    Collection<Write> writes =
        ledger.writes().stream().filter(w -> !goneBefore.contains(w.id())).toList();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return LedgerVerdict.compare(writes, lab.reader(http), incident(disaster, cutOff));
    }
  }

  private static Incident incident(Disaster disaster, Instant cutOff) {
    return new Incident(disaster.at(), Optional.ofNullable(disaster.restoreTo()), cutOff);
  }

  private Score score(
      Site site,
      Plan plan,
      String run,
      Disaster disaster,
      ReturnOfClients clients,
      Optional<Instant> recovered,
      boolean succeeded) {
    double objective = plan.objective().toMillis() / 1000.0;
    Path page = reports.resolve(run + ".html");
    Optional<Instant> returned = clients.returned().getNow(Optional.empty());
    if (recovered.isEmpty() || returned.isEmpty()) {
      return write(
          site,
          run,
          new Score(plan.scenario(), -1, objective, 0, 0, 0, 0, 0, 0, false, page.toString()));
    }
    LedgerVerdict verdict = compare(disaster, clients.cutOff());
    return write(
        site,
        run,
        new Score(
            plan.scenario(),
            Duration.between(disaster.at(), recovered.get()).toMillis() / 1000.0,
            objective,
            verdict.acknowledged(),
            verdict.lost().size() + verdict.corrupted().size(),
            verdict.discardedByTarget(),
            verdict.survivedPastTarget().size(),
            verdict.unacknowledgedPresent(),
            verdict.dataLossSeconds(),
            succeeded && withinPromise(site, verdict),
            page.toString()));
  }

  /// What the policies promise: no wrong values, nothing of what should be gone, and no more lost
  /// than the log may lag behind.
  private static boolean withinPromise(Site site, LedgerVerdict verdict) {
    Duration lag =
        site.recovery().datastores().stream()
            .map(d -> d.backup().logWithin())
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    return verdict.corrupted().isEmpty()
        && verdict.survivedPastTarget().isEmpty()
        && verdict.dataLoss().compareTo(lag) <= 0;
  }

  private Score write(Site site, String run, Score score) {
    site.recovery().reports().keep(run, score.facts());
    RunReport report = site.recovery().report(run);
    ReportFiles.write(report, reports);
    return score;
  }

  private void pause() {
    try {
      ticker.pause(PACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
