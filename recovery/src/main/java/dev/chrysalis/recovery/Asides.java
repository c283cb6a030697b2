package dev.chrysalis.recovery;

import dev.chrysalis.engine.Runs;
import dev.chrysalis.model.Token;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.Aside;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.workloads.SetVolumeAside;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The volumes that recoveries set aside, and when they may go.
///
/// Kept: what the newest run set aside while that run can still go on, since it would give it back;
/// and where nobody asks by hand, what no run of the stack set aside, and what is newer than the
/// newest snapshot, since it may be the only copy.
public final class Asides {
  private final Stack stack;
  private final Platform platform;
  private final Runs runs;
  private final Clock clock;

  Asides(Stack stack, Platform platform, Runs runs, Clock clock) {
    this.stack = stack;
    this.platform = platform;
    this.runs = runs;
    this.clock = clock;
  }

  /// All asides of the stack's datastores.
  public List<Aside> list() {
    return stack.datastores().values().stream()
        .flatMap(d -> platform.asides(d.workload()).stream())
        .toList();
  }

  public Duration age(Aside aside) {
    return Duration.between(aside.at(), clock.instant());
  }

  /// Those older than that, without what the open run needs.
  public List<Aside> olderThan(Duration age) {
    List<Aside> old = list().stream().filter(a -> age(a).compareTo(age) > 0).toList();
    if (old.isEmpty()) {
      return old;
    }
    Optional<String> needed = openRun().map(SetVolumeAside::nameOf);
    return old.stream().filter(a -> needed.filter(a.name()::equals).isEmpty()).toList();
  }

  /// Those that the policy lets go without a person's word.
  ///
  /// @param newestSnapshot when the newest snapshot that can be restored was taken
  public List<Aside> expired(Instant newestSnapshot) {
    List<Aside> old = olderThan(stack.asides().keep());
    if (old.isEmpty()) {
      return old;
    }
    List<String> ofRuns = runs.list(stack.name()).stream().map(SetVolumeAside::nameOf).toList();
    return old.stream()
        .filter(a -> ofRuns.contains(a.name()) && a.at().isBefore(newestSnapshot))
        .toList();
  }

  /// Removes them for good.
  public void drop(Token token, List<Aside> asides) {
    asides.forEach(a -> platform.dropAside(token, a.member(), a.name()));
  }

  /// A run can go on until it ended or a newer one was begun.
  private Optional<String> openRun() {
    return runs.list(stack.name()).stream()
        .findFirst()
        .filter(run -> !runs.load(stack.name(), run).state().isOver());
  }
}
