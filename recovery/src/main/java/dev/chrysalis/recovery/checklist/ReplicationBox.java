package dev.chrysalis.recovery.checklist;

import dev.chrysalis.recovery.store.Store;
import dev.chrysalis.recovery.store.StoreSituation;
import java.util.ArrayList;
import java.util.List;

/// Whether each datastore has one primary that its standbys follow.
record ReplicationBox(List<Store> stores) implements Box {
  @Override
  public String name() {
    return "replication";
  }

  @Override
  public String title() {
    return "One primary, and every standby follows it";
  }

  @Override
  public Stage stage() {
    return Stage.STATE;
  }

  @Override
  public Check look(Round round) {
    List<String> faults = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (Store store : stores) {
      StoreSituation found = store.look();
      (found.allWell() ? seen : faults).add(found.datastore() + ": " + found.state().summary());
    }
    return Check.of(this, faults, List.of(), seen);
  }
}
