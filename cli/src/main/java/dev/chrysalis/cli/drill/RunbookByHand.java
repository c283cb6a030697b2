package dev.chrysalis.cli.drill;

import dev.chrysalis.cli.drill.RunbookStep.Deed;
import dev.chrysalis.lab.Disaster;
import dev.chrysalis.lab.ledger.LedgerVerdict;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.Workload;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Follows written commands one after another, as a person does who knows what is broken and types
/// without a pause.
///
/// 1. Each command is shown and done, and what the runbook sleeps after it is slept.
/// 2. Then it is looked until every member that was restarted is ready.
/// 3. From there on clients are awaited as in every drill.
///
/// Kept: no more is done than what is written. All of it ends after a time; that clients are not
/// back by then is a result.
final class RunbookByHand {
  static final Duration CAP = Duration.ofMinutes(10);

  private final Platform platform;
  private final Supplier<Token> tokens;
  private final ReadBack readBack;
  private final Patience patience;
  private final InstantSource clock;
  private final PrintStream out;

  /// @param tokens of the lease that is held meanwhile: the platform asks for one, kubectl does not
  RunbookByHand(
      Platform platform,
      Supplier<Token> tokens,
      ReadBack readBack,
      Patience patience,
      InstantSource clock,
      PrintStream out) {
    this.platform = platform;
    this.tokens = tokens;
    this.readBack = readBack;
    this.patience = patience;
    this.clock = clock;
    this.out = out;
  }

  /// Follows the steps after that disaster, and waits until clients are back.
  ByHand follow(List<RunbookStep> steps, Disaster disaster) {
    List<ByHand.Done> done = new ArrayList<>();
    for (RunbookStep step : steps) {
      done.add(new ByHand.Done(since(disaster), step.command(), step.inLab()));
      out.printf("    %6.1f s  $ %s%n", done.getLast().atSeconds(), step.command());
      out.println("              " + step.inLab());
      follow(step);
    }
    List<String> restarted = restarted(steps);
    if (!patience.until(() -> ready(restarted), left(disaster))) {
      return notBack(disaster, done);
    }
    Instant returned = clock.instant();
    Optional<Instant> back = Optional.empty();
    while (back.isEmpty() && left(disaster).isPositive()) {
      back = back(returned, disaster);
    }
    return back.isEmpty() ? notBack(disaster, done) : measured(disaster, back.get(), done);
  }

  private void follow(RunbookStep step) {
    switch (step.deed()) {
      case Deed.Look _ -> out.println("              " + pods());
      case Deed.Restart restart ->
          restart.workloads().stream()
              .flatMap(workload -> platform.workload(workload).members().stream())
              .forEach(member -> platform.restartMember(tokens.get(), member.id()));
      case Deed.LeaveOut _ -> {}
    }
    if (step.sleep().isPositive()) {
      patience.pass(step.sleep());
    }
  }

  private String pods() {
    List<String> seen = new ArrayList<>();
    for (Workload w : platform.workloads()) {
      long ready = w.members().stream().filter(m -> m.ready()).count();
      seen.add("%s %d/%d".formatted(w.name(), ready, w.replicas()));
    }
    return "ready: " + String.join(", ", seen);
  }

  private boolean ready(List<String> workloads) {
    return workloads.stream().allMatch(name -> platform.workload(name).settled());
  }

  /// A store that answers with an error is read again: it may need a moment.
  private Optional<Instant> back(Instant returned, Disaster disaster) {
    try {
      return readBack.after(returned, disaster, disaster.at(), left(disaster));
    } catch (ChrysalisException e) {
      if (e.code().category() == Category.INTERRUPTED) {
        throw e;
      }
      out.println("              cannot be read back: " + e.getMessage());
      patience.pass(Duration.ofSeconds(1));
      return Optional.empty();
    }
  }

  private ByHand measured(Disaster disaster, Instant back, List<ByHand.Done> done) {
    LedgerVerdict verdict = readBack.compare(disaster, disaster.at());
    long lost = verdict.lost().size() + (long) verdict.corrupted().size();
    double seconds = seconds(Duration.between(disaster.at(), back));
    out.printf("    %6.1f s  clients are back%n", seconds);
    return new ByHand(seconds, seconds(CAP), lost, done);
  }

  private ByHand notBack(Disaster disaster, List<ByHand.Done> done) {
    out.printf("    %6.1f s  clients are not back; %s%n", since(disaster), pods());
    return new ByHand(-1, seconds(CAP), -1, done);
  }

  private static List<String> restarted(List<RunbookStep> steps) {
    List<String> restarted = new ArrayList<>();
    for (RunbookStep step : steps) {
      if (step.deed() instanceof Deed.Restart restart) {
        restarted.addAll(restart.workloads());
      }
    }
    return restarted;
  }

  private Duration left(Disaster disaster) {
    Duration left = Duration.between(clock.instant(), disaster.at().plus(CAP));
    return left.isNegative() ? Duration.ZERO : left;
  }

  private double since(Disaster disaster) {
    return seconds(Duration.between(disaster.at(), clock.instant()));
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
