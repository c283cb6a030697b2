package dev.chrysalis.recovery.checklist;

import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.recovery.store.Store;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Whether all members run and are ready, as many as are wanted.
record MembersBox(Stack stack, List<Store> stores, Platform platform) implements Box {
  @Override
  public String name() {
    return "members";
  }

  @Override
  public String title() {
    return "All members running and ready";
  }

  @Override
  public Stage stage() {
    return Stage.STATE;
  }

  @Override
  public Check look(Round round) {
    List<String> faults = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>();
    stores.forEach(store -> names.addAll(store.workloads()));
    stack.services().values().forEach(s -> names.add(s.workload()));
    int ready = 0;
    for (String name : names) {
      Workload w = platform.workload(name);
      ready += (int) w.members().stream().filter(Member::ready).count();
      if (!w.settled() || w.replicas() == 0) {
        faults.add("%s: %d wanted, %s".formatted(name, w.replicas(), phases(w)));
      }
    }
    return Check.of(this, faults, List.of(), List.of(ready + " ready in " + names));
  }

  private static String phases(Workload w) {
    return w.members().stream()
        .map(m -> m.id() + " " + (m.ready() ? "ready" : m.phase()))
        .toList()
        .toString();
  }
}
