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
import dev.chrysalis.engine.RunObserver;
import dev.chrysalis.engine.RunOutcome;
import dev.chrysalis.engine.RunnerSettings;
import dev.chrysalis.engine.Ticker;
import dev.chrysalis.lab.Disaster;
import dev.chrysalis.lab.Fault;
import dev.chrysalis.lab.Lab;
import dev.chrysalis.lab.LabService;
import dev.chrysalis.lab.ledger.Ledger;
import dev.chrysalis.lab.ledger.LedgerVerdict;
import dev.chrysalis.model.stack.Service;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.control.RestoreGround;
import dev.chrysalis.recovery.Assessment;
import dev.chrysalis.recovery.Planner;
import dev.chrysalis.recovery.RestoreAim;
import dev.chrysalis.recovery.report.RunReport;
import dev.chrysalis.recovery.services.ServicePlans;
import dev.chrysalis.recovery.store.Store;
import dev.chrysalis.workloads.PlanFrame;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/// Plays disasters on a lab under load, and scores the recoveries.
///
/// 1. The fault is injected; from that moment the clock runs.
/// 2. The assessment is repeated until it finds something broken, as a person or an alarm would.
///    Wrong values are found by no assessment: after a while the moment is told.
/// 3. The plan for it is run, approved as a whole; where it fits no more, another.
/// 4. From the moment at which clients are back, the first write that was sent after it and
///    acknowledged is awaited, and every value of the ledger is read back: there the clock stops.
/// 5. When the run has ended the values are compared once more.
public final class Drill {
  private static final String UNCLEAR = "unclear";
  private static final Duration DETECTION = Duration.ofMinutes(2);
  private static final Duration READ_BACK = Duration.ofMinutes(5);
  private static final int TRIES = 3;
  private static final Duration UNNOTICED = Duration.ofSeconds(3);

  private final Lab lab;
  private final LabService service;
  private final Ledger ledger;
  private final Path reports;
  private final PrintStream out;
  private final PrintStream err;
  private final InstantSource clock;
  private final Patience patience = new Patience(Ticker.system());
  private final ReadBack readBack;

  /// @param service the one that the running load writes to: see `loaded`
  /// @param ledger the one of that load
  /// @param reports the folder for the pages
  public Drill(
      Lab lab,
      LabService service,
      Ledger ledger,
      Path reports,
      PrintStream out,
      PrintStream err,
      InstantSource clock) {
    this.lab = lab;
    this.service = service;
    this.ledger = ledger;
    this.reports = reports;
    this.out = out;
    this.err = err;
    this.clock = clock;
    this.readBack = new ReadBack(ledger, http -> lab.reader(service, http), patience, clock);
  }

  /// The service on which a load shows what a fault does: its values lie in what is broken.
  public static LabService loaded(Fault fault) {
    return switch (fault.target()) {
      case REDIS -> LabService.ODYSSEY;
      case CASSANDRA -> LabService.CAPSULE;
      case STORE, SERVICE, EVERYTHING -> LabService.PERCEPTION;
    };
  }

  /// The race of "everything is down" against the written runbook, in the same lab.
  public RunbookRace againstRunbook() {
    return new RunbookRace(this, lab, readBack, patience, clock, out);
  }

  /// Plays one disaster and recovers from it.
  public Score play(Site site, Fault fault) {
    return play(site, fault, RestoreGround.FRESH);
  }

  /// The same, where values are wrong restored upon that ground.
  public Score play(Site site, Fault fault, RestoreGround ground) {
    out.printf("%n=== disaster: %s%n", fault.what());
    readBack.rememberWhatIsGone();
    Disaster disaster = lab.breakIt(fault);
    out.printf("    %s %s%n%n", disaster.at(), disaster.members());
    ReturnOfClients clients = new ReturnOfClients(RunOptions.view(out), clock, disaster.at());
    try (ToldRun people = new ToldRun(site, err);
        ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Optional<Instant>> recovered =
          CompletableFuture.supplyAsync(() -> served(disaster, clients), beside);
      Played played;
      try {
        played = recover(site, () -> plan(site, disaster, ground), people, clients);
        Outcomes.learn(site.recovery(), played.outcome(), err);
      } finally {
        clients.runEnded();
      }
      boolean succeeded = Outcomes.tell(played.outcome(), out, err) == 0;
      return score(site, played, disaster, clients, instant(recovered), succeeded);
    }
  }

  private record Played(Plan plan, RunOutcome outcome) {}

  /// Runs the plan. What is broken may change while it is made: one that fits no more when it
  /// begins has touched nothing, and is given up for another, as a person would.
  private Played recover(
      Site site, Supplier<Plan> planning, ToldRun people, ReturnOfClients clients) {
    for (int tries = 1; ; tries++) {
      Plan plan = planning.get();
      out.printf("%n%s%n", PlanText.table(plan).indent(4).stripTrailing());
      RunOutcome outcome = run(site, plan, people, clients);
      if (tries == TRIES || !fitsNoMore(outcome)) {
        return new Played(plan, outcome);
      }
      RunnerSettings silent = RunnerSettings.of(Holder.thisProcess("chrysalis drill"));
      RunOutcome over =
          site.recovery().runner(people.with(silent)).abort(plan.stack(), outcome.run());
      int _ = Outcomes.tell(over, out, err);
    }
  }

  private static boolean fitsNoMore(RunOutcome outcome) {
    return outcome instanceof RunOutcome.Failed failed
        && !failed.failed().isEmpty()
        && failed.failed().stream().allMatch(progress -> looksAgain(progress.step().id()));
  }

  private static boolean looksAgain(String step) {
    return step.equals(PlanFrame.CONFIRM)
        || step.endsWith("-" + PlanFrame.CONFIRM)
        || step.equals(ServicePlans.CONFIRM);
  }

  /// Recovers from whatever is found; returns whether the run ended well.
  boolean recover(Site site) {
    Plan plan = site.recovery().plan(site.recovery().assess(), Optional.empty());
    out.printf("%n%s%n", PlanText.table(plan).indent(4).stripTrailing());
    try (ToldRun people = new ToldRun(site, err)) {
      return Outcomes.tell(run(site, plan, people, RunOptions.view(out)), out, err) == 0;
    }
  }

  private static RunOutcome run(Site site, Plan plan, ToldRun people, RunObserver view) {
    RunnerSettings shown = RunnerSettings.of(Holder.thisProcess("chrysalis drill")).telling(view);
    return site.recovery().runner(people.with(shown)).start(plan, Consent.WHOLE_PLAN);
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
            Optional.of(damaged(site).declared().name()),
            Optional.of(RestoreAim.of(new RestoreGoal.AtTime(right))),
            ground,
            TargetOptions.reading(out));
  }

  private Store damaged(Site site) {
    return site.recovery().stores().stream()
        .filter(s -> site.stack().dependentsOf(s.declared().name()).stream().anyMatch(this::loads))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("nothing of " + service + " is kept"));
  }

  private boolean loads(Service declared) {
    return declared.name().equals(service.word());
  }

  private boolean holds(Site site, Instant moment) {
    return damaged(site)
        .protection()
        .age()
        .filter(age -> clock.instant().minus(age).isAfter(moment))
        .isPresent();
  }

  /// Writes go on for a while before anybody sees the damage.
  private void awaitNotice(Site site, Instant damage) {
    boolean _ =
        patience.until(
            () ->
                ledger.firstAcknowledgedAfter(damage.plus(UNNOTICED)).isPresent()
                    && holds(site, damage),
            DETECTION);
  }

  /// As long as it is unclear nobody acts: what is left of a ring notices who is gone after a
  /// while.
  private Assessment detect(Site site) {
    return patience.until(
        () -> site.recovery().assess(),
        found -> !found.allWell() && !found.scenario().equals(UNCLEAR),
        DETECTION);
  }

  /// When clients had acknowledged writes and all values were back.
  private Optional<Instant> served(Disaster disaster, ReturnOfClients clients) {
    return clients
        .returned()
        .join()
        .flatMap(returned ->
            readBack.patiently(
                () -> readBack.after(returned, disaster, clients.cutOff(), READ_BACK)));
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

  private Score score(
      Site site,
      Played played,
      Disaster disaster,
      ReturnOfClients clients,
      Optional<Instant> recovered,
      boolean succeeded) {
    Plan plan = played.plan();
    String run = played.outcome().run();
    double objective = plan.objective().toMillis() / 1000.0;
    String fault = disaster.fault().name().toLowerCase(Locale.ROOT).replace('_', '-');
    Path page = reports.resolve(run + ".html");
    Optional<Instant> returned = clients.returned().getNow(Optional.empty());
    if (recovered.isEmpty() || returned.isEmpty()) {
      return write(site, run, Score.unmeasured(fault, plan.scenario(), objective, page.toString()));
    }
    LedgerVerdict verdict = readBack.patiently(() -> readBack.compare(disaster, clients.cutOff()));
    return write(
        site,
        run,
        new Score(
            fault,
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
        site.recovery().stores().stream()
            .map(store -> store.declared().backup().logWithin())
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
}
