package dev.chrysalis.cli.drill;

import dev.chrysalis.engine.JournalEntry;
import dev.chrysalis.engine.JournalRecord;
import dev.chrysalis.engine.RunObserver;
import dev.chrysalis.engine.RunState;
import dev.chrysalis.engine.Step;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// Watches a run for the moment from which clients work with the recovered store: the last of the
/// steps that bring them back is done. Hands everything on to the view.
final class ReturnOfClients implements RunObserver {
  private static final Set<String> ACTIONS =
      Set.of("service.point", "service.start", "member.restart");

  private final RunObserver view;
  private final InstantSource clock;
  private final CompletableFuture<Instant> returned = new CompletableFuture<>();

  ReturnOfClients(RunObserver view, InstantSource clock) {
    this.view = view;
    this.clock = clock;
  }

  /// Completed when clients are back; stays open where the run never brings them back.
  CompletableFuture<Instant> returned() {
    return returned;
  }

  Optional<Instant> now() {
    return Optional.ofNullable(returned.getNow(null));
  }

  @Override
  public void journaled(JournalRecord written, RunState after) {
    view.journaled(written, after);
    if (written.entry() instanceof JournalEntry.StepDone && clientsAreBack(after)) {
      returned.complete(clock.instant());
    }
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
    return state.steps().stream().anyMatch(s -> ACTIONS.contains(s.step().action()))
        && state.steps().stream()
            .filter(s -> ACTIONS.contains(s.step().action()))
            .allMatch(s -> s.endedAt().isPresent() && s.whatWentWrong().isEmpty());
  }
}
