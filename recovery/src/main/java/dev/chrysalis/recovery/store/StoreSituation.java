package dev.chrysalis.recovery.store;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/// What a datastore is found to be.
///
/// @param datastore its name in the stack file
public record StoreSituation(String datastore, @JsonUnwrapped StoreState state) {
  /// The scenario that answers it.
  public String scenario() {
    return state.scenario();
  }

  public boolean allWell() {
    return scenario().equals(StoreState.ALL_WELL);
  }
}
