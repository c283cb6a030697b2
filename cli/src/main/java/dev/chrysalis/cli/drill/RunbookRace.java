package dev.chrysalis.cli.drill;

import dev.chrysalis.cli.Site;
import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Lease;
import dev.chrysalis.lab.Disaster;
import dev.chrysalis.lab.Fault;
import dev.chrysalis.lab.Lab;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.recovery.store.Store;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// Plays "everything is down" twice in one lab under one load.
///
/// 1. Chrysalis recovers, as in every drill.
/// 2. The same fault again; then the written runbook's commands are followed, with its sleeps. They
///    begin at once: nobody has to notice anything, or to find the page.
/// 3. What that leaves broken is recovered by Chrysalis, so that the lab ends well.
public final class RunbookRace {
  private static final Duration WAIT_FOR_LEASE = Duration.ofMinutes(1);
  private static final Duration SETTLING = Duration.ofMinutes(1);

  private final Drill drill;
  private final Lab lab;
  private final ReadBack readBack;
  private final Patience patience;
  private final InstantSource clock;
  private final PrintStream out;

  RunbookRace(
      Drill drill,
      Lab lab,
      ReadBack readBack,
      Patience patience,
      InstantSource clock,
      PrintStream out) {
    this.drill = drill;
    this.lab = lab;
    this.readBack = readBack;
    this.patience = patience;
    this.clock = clock;
    this.out = out;
  }

  /// Plays both. Nothing is compared where Chrysalis's own recovery did not end well.
  public Scorecard play(Site site) {
    Score own = drill.play(site, Fault.ALL_DOWN);
    if (!own.verified()) {
      out.println("    not compared with the written runbook: this recovery did not end well");
      return new Scorecard(List.of(own));
    }
    ByHand hand = byHand(site);
    boolean well = well(site, hand.back() ? SETTLING : Duration.ZERO) || drill.recover(site);
    return new Scorecard(List.of(own), RunbookComparison.of(own.recoveryTimeSeconds(), hand, well));
  }

  private ByHand byHand(Site site) {
    out.printf("%n=== once more, by the written runbook: %s%n", Fault.ALL_DOWN.what());
    List<RunbookStep> steps = steps(site);
    readBack.rememberWhatIsGone();
    Holder holder = Holder.thisProcess("chrysalis drill --against-runbook");
    try (Lease lease =
        site.recovery().leases().acquire(site.stack().name(), holder, WAIT_FOR_LEASE)) {
      Disaster disaster = lab.breakIt(Fault.ALL_DOWN);
      out.printf("    %s %s%n%n", disaster.at(), disaster.members());
      return new RunbookByHand(site.platform(), lease::token, readBack, patience, clock, out)
          .follow(steps, disaster);
    }
  }

  private static List<RunbookStep> steps(Site site) {
    return WrittenRunbook.allServicesDown(
        site.recovery().stores().stream()
            .map(Store::declared)
            // The runbook's first datastore is Cassandra.
            .sorted(Comparator.comparing(s -> !(s.kind() instanceof Datastore.Kind.Cassandra)))
            .map(RunbookRace::workloads)
            .toList(),
        site.platform().workloads().stream()
            .map(Workload::name)
            .collect(Collectors.toUnmodifiableSet()));
  }

  private static List<String> workloads(Datastore store) {
    return switch (store.kind()) {
      case Datastore.Kind.PostgreSql _, Datastore.Kind.Cassandra _ -> List.of(store.workload());
      case Datastore.Kind.Redis redis -> List.of(store.workload(), redis.sentinels().workload());
    };
  }

  private boolean well(Site site, Duration atMost) {
    return patience.until(() -> site.recovery().assess().allWell(), atMost);
  }
}
