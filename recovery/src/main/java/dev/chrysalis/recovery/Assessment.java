package dev.chrysalis.recovery;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.chrysalis.model.Finding;
import dev.chrysalis.recovery.services.ServiceSituation;
import dev.chrysalis.recovery.store.StoreSituation;
import dev.chrysalis.recovery.store.StoreState;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// All findings about a stack at a moment, and the scenario that they add up to.
///
/// @param scenario `all-well` where there is nothing to recover
/// @param stores each datastore's situation, the deepest trouble first
/// @param services what each service is found to be, none before what it needs
public record Assessment(
    Instant at,
    String scenario,
    List<Finding> findings,
    List<StoreSituation> stores,
    @JsonIgnore List<ServiceSituation> services) {
  public static final String ALL_WELL = StoreState.ALL_WELL;

  public Assessment {
    findings = List.copyOf(findings);
    stores = List.copyOf(stores);
    services = List.copyOf(services);
  }

  /// The same with more findings.
  public Assessment with(List<Finding> more) {
    return new Assessment(
        at, scenario, Stream.concat(findings.stream(), more.stream()).toList(), stores, services);
  }

  public boolean allWell() {
    return scenario.equals(ALL_WELL);
  }
}
