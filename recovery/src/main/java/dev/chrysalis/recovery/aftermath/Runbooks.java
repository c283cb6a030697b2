package dev.chrysalis.recovery.aftermath;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Service;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.recovery.RecoveryErrors;
import dev.chrysalis.recovery.Scenarios;
import dev.chrysalis.recovery.store.Store;
import dev.chrysalis.recovery.store.StorePlans;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The plans for what may happen one day, from what is declared and how many members there are: of
/// a healthy stack always the same.
public record Runbooks(Stack stack, Platform platform, List<Store> stores) {
  public Runbooks {
    stores = List.copyOf(stores);
  }

  /// All of them: of datastores, of services, of everything at once.
  public List<Runbook> all() {
    Map<String, List<MemberId>> members = new HashMap<>();
    Map<String, MemberId> primaries = new HashMap<>();
    for (Store store : stores) {
      List<MemberId> sorted = members(store.declared());
      members.put(store.declared().name(), sorted);
      primaries.put(store.declared().name(), sorted.getFirst());
    }
    ServiceRunbooks services = new ServiceRunbooks(stack, services(), primaries);
    List<Runbook> all = new ArrayList<>();
    for (Store store : stores) {
      store.rehearsed(of(members, store)).forEach(plan -> all.add(named(store, plan)));
    }
    all.addAll(services.all());
    if (!services.workloads().isEmpty() && !stores.isEmpty()) {
      Map<String, Plan> down = new LinkedHashMap<>();
      stores.forEach(s -> down.put(s.declared().name(), s.allDown(of(members, s))));
      all.add(new Runbook(Scenarios.ALL_DOWN, services.allDown(StorePlans.of(down))));
    }
    return List.copyOf(all);
  }

  private static List<MemberId> of(Map<String, List<MemberId>> members, Store store) {
    return members.getOrDefault(store.declared().name(), List.of());
  }

  private Runbook named(Store store, Plan plan) {
    String name = store.declared().name();
    return stores.size() == 1
        ? new Runbook(plan.scenario(), plan)
        : new Runbook(name + "-" + plan.scenario(), plan, Optional.of(name));
  }

  /// The first of them stands for the one that takes writes.
  private List<MemberId> members(Datastore store) {
    Workload workload = platform.workload(store.workload());
    refuseUnlessWhole(store.name(), workload, Math.max(1, workload.replicas()));
    return workload.members().stream().map(Member::id).sorted().toList();
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
