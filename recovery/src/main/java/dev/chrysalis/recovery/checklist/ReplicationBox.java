package dev.chrysalis.recovery.checklist;

import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.postgres.control.Diagnosis;
import dev.chrysalis.postgres.control.MemberViews;
import dev.chrysalis.postgres.control.Situation;
import java.util.ArrayList;
import java.util.List;

/// Whether each datastore has one primary that its standbys follow.
record ReplicationBox(Stack stack, MemberViews views) implements Box {
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
    for (Datastore store : stack.datastores().values()) {
      Situation situation = Diagnosis.of(views.of(store.workload()));
      (situation instanceof Situation.AllWell ? seen : faults).add(store.name() + ": " + situation);
    }
    return Check.of(this, faults, List.of(), seen);
  }
}
