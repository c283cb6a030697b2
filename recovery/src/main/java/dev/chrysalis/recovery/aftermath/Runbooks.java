package dev.chrysalis.recovery.aftermath;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Service;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.recovery.RecoveryErrors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The plans for what may happen one day, from what is declared and how many members there are: of
/// a healthy stack always the same.
public record Runbooks(Stack stack, Platform platform) {
  /// All of them: of datastores, of services, of everything at once.
  public List<Runbook> all() {
    List<StoreRunbooks> stores = stack.datastores().values().stream().map(this::store).toList();
    Map<String, MemberId> primaries = new HashMap<>();
    stores.forEach(s -> primaries.put(s.store().name(), s.members().getFirst()));
    ServiceRunbooks services = new ServiceRunbooks(stack, services(), primaries);
    List<Runbook> all = new ArrayList<>();
    stores.forEach(s -> all.addAll(s.all()));
    all.addAll(services.all());
    stores.forEach(s -> s.allDown(services).ifPresent(all::add));
    return List.copyOf(all);
  }

  private StoreRunbooks store(Datastore store) {
    Workload workload = platform.workload(store.workload());
    refuseUnlessWhole(store.name(), workload, Math.max(1, workload.replicas()));
    return new StoreRunbooks(stack, store, workload.members().stream().map(Member::id).toList());
  }

  private Map<String, Workload> services() {
    Map<String, Workload> services = new HashMap<>();
    for (Service service : stack.services().values()) {
      Workload workload = platform.workload(service.workload());
      int wanted = workload.replicas() == 0 ? service.replicas() : workload.replicas();
      refuseUnlessWhole(service.name(), workload, wanted);
      // Who is not wanted at all is not brought back either.
      if (wanted > 0) {
        services.put(service.name(), workload);
      }
    }
    return services;
  }

  private static void refuseUnlessWhole(String name, Workload workload, int wanted) {
    if (workload.members().size() < wanted) {
      throw new ChrysalisException(
          RecoveryErrors.RUNBOOK_NO_MEMBERS,
          "of " + name + " are " + workload.members().size() + " members there",
          "write runbooks when all is well; a plan for now: chrysalis plan -o md");
    }
  }
}
