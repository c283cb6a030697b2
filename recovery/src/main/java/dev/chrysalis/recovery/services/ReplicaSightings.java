package dev.chrysalis.recovery.services;

import dev.chrysalis.model.stack.Service;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.Workload;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Looks how many members services have while they are well, and remembers it, so that a service
/// that is scaled away later can be brought back as it was. A service counts only as a whole: all
/// members that are wanted are ready, of the current revision, and there is one at least. For one
/// thread at a time.
public final class ReplicaSightings {
  /// A number that did not change is written anew after that, so that its date says something.
  private static final Duration FRESH = Duration.ofDays(1);

  private final Stack stack;
  private final Platform platform;
  private final ReplicaRecords records;
  private final Clock clock;
  private Map<String, Integer> before = Map.of();

  public ReplicaSightings(Stack stack, Platform platform, ReplicaRecords records, Clock clock) {
    this.stack = stack;
    this.platform = platform;
    this.records = records;
    this.clock = clock;
  }

  /// Looks once, and remembers what is seen.
  public void look() {
    seen().forEach(this::keep);
  }

  /// Looks once more, and remembers what was the same in the look before: a number that somebody
  /// only passes through on the way down is none to go back to.
  public void lookAgain() {
    Map<String, Integer> now = seen();
    Map<String, Integer> steady = new HashMap<>(now);
    steady.entrySet().retainAll(before.entrySet());
    before = now;
    steady.forEach(this::keep);
  }

  private Map<String, Integer> seen() {
    Map<String, Integer> seen = new HashMap<>();
    for (Service service : stack.services().values()) {
      Workload workload = platform.workload(service.workload());
      if (workload.replicas() > 0 && workload.settled()) {
        seen.put(service.name(), workload.replicas());
      }
    }
    return seen;
  }

  private void keep(String service, int replicas) {
    Instant now = clock.instant();
    Optional<KnownReplicas.Seen> last = records.newest(service);
    boolean known =
        last.filter(l -> l.count() == replicas && l.at().plus(FRESH).isAfter(now)).isPresent();
    if (!known) {
      records.keep(service, new KnownReplicas.Seen(replicas, now));
    }
  }
}
