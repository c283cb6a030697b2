package dev.chrysalis.recovery.store;

import java.util.Map;

/// Which plan of a datastore is asked for.
///
/// @param before by service, how many members it had while all was well, where that is known
public record StoreRequest(String scenario, Map<String, Integer> before) {
  public StoreRequest {
    before = Map.copyOf(before);
  }
}
