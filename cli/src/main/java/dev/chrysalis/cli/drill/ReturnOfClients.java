package dev.chrysalis.cli.drill;

import dev.chrysalis.engine.JournalEntry;
import dev.chrysalis.engine.JournalRecord;
import dev.chrysalis.engine.RunObserver;
import dev.chrysalis.engine.RunState;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepProgress;
import dev.chrysalis.engine.StepState;
import dev.chrysalis.postgres.control.RestartServer;
import dev.chrysalis.workloads.StopService;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// Watches a run for the moment from which clients work with the recovered store: the last of the
/// steps that bring them back is done. Hands everything on to the view.
final class ReturnOfClients implements RunObserver {
  private static final Set<String> ACTIONS =
      Set.of(
          "service.point", "service.start", "service.await", "member.restart", RestartServer.NAME);

  private final RunObserver view;
  private final InstantSource clock;
  private final Instant disaster;
  private final CompletableFuture<Optional<Instant>> returned = new CompletableFuture<>();
  private volatile Instant cutOff;

  /// @param disaster when it was: from then on clients of a plan without such steps can be back
  ReturnOfClients(RunObserver view, InstantSource clock, Instant disaster) {
    this.view = view;
    this.clock = clock;
    this.disaster = disaster;
    this.cutOff = disaster;
  }

  /// From when on no client reached the store of before: once the last step that stops clients was
  /// done. Of several replicas that start again the first may write before all have returned.
  Instant cutOff() {
    return cutOff;
  }

  /// Completed with the moment at which clients were back, or empty once it is known that the run
  /// did not bring them back.
  CompletableFuture<Optional<Instant>> returned() {
    return returned;
  }

  /// The run has ended: clients that are not back by now do not come back.
  void runEnded() {
    returned.complete(Optional.empty());
  }

  @Override
  public void journaled(JournalRecord written, RunState after) {
    view.journaled(written, after);
    if (written.entry() instanceof JournalEntry.RunStarted
        && after.steps().stream().noneMatch(ReturnOfClients::bringsBack)) {
      returned.complete(Optional.of(disaster));
    }
    if (written.entry() instanceof JournalEntry.StepDone done
        && after.step(done.step()).step().action().equals(StopService.NAME)) {
      cutOff = clock.instant();
    }
    if (written.entry() instanceof JournalEntry.StepDone && clientsAreBack(after)) {
      returned.complete(Optional.of(clock.instant()));
    }
  }

  @Override
  public void left() {
    view.left();
  }

  @Override
  public void waitingFor(Step step, String what) {
    view.waitingFor(step, what);
  }

  @Override
  public void progress(Step step, String stage, long done, long total) {
    view.progress(step, stage, done, total);
  }

  private static boolean clientsAreBack(RunState state) {
    return state.steps().stream()
        .filter(ReturnOfClients::bringsBack)
        .allMatch(s -> s.state() == StepState.DONE);
  }

  private static boolean bringsBack(StepProgress step) {
    return ACTIONS.contains(step.step().action());
  }
}
