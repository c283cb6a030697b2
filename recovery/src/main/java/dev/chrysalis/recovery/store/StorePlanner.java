package dev.chrysalis.recovery.store;

import dev.chrysalis.engine.Plan;

/// Makes the plans of one datastore. Pure.
@FunctionalInterface
public interface StorePlanner {
  /// The plan for a scenario; refused where that does not fit what was found.
  Plan plan(StoreSituation found, StoreRequest request);
}
