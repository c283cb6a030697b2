package dev.chrysalis.vault.backend;

import dev.chrysalis.vault.backend.ScriptedFault.Operation;
import java.time.Duration;
import java.util.Random;

/// The contract once more, on a store that fails all the time behind a `RetryingBackend`. Answers
/// are not lost here: a create whose answer was lost may answer `EXISTS` for its own object.
public abstract class FlakyContract extends BackendContract {
  private static final RetryPolicy POLICY =
      new RetryPolicy(Duration.ofNanos(1), Duration.ofNanos(1), Duration.ofDays(1));

  /// An empty backend that is made flaky.
  protected abstract ErasingBackend emptyStore() throws Exception;

  @Override
  protected final ErasingBackend emptyBackend() throws Exception {
    FaultyBackend flaky =
        new FaultyBackend(
            emptyStore(),
            ScriptedFault.on(Operation.CREATE, Fault.timesOutBefore()).sometimes(0.1, 1),
            ScriptedFault.on(Operation.CREATE, Fault.throttles()).nth(1),
            ScriptedFault.on(Operation.OPEN, Fault.throttles()).nth(1),
            ScriptedFault.on(Operation.OPEN, new Fault.BreaksRead(30_000)).sometimes(0.3, 2),
            ScriptedFault.on(Operation.SIZE, Fault.timesOutBefore()).sometimes(0.3, 3),
            ScriptedFault.on(Operation.LIST, Fault.throttles()).nth(1),
            ScriptedFault.on(Operation.DELETE, new Fault.LosesAnswer()).nth(1));
    return new RetryingErasingBackend(
        flaky, new RetryingBackend(flaky, POLICY, wait -> {}, new Random(4), System::nanoTime));
  }
}
