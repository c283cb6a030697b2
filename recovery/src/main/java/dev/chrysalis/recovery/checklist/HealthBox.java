package dev.chrysalis.recovery.checklist;

import dev.chrysalis.model.stack.Service;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.recovery.checklist.http.ServiceClient;
import dev.chrysalis.workloads.SideBySide;
import java.util.ArrayList;
import java.util.List;

/// Whether every member's health endpoint answers 200.
record HealthBox(Stack stack, Platform platform, ServiceClient client) implements Box {
  @Override
  public String name() {
    return "health-endpoints";
  }

  @Override
  public String title() {
    return "Health endpoints return 200";
  }

  @Override
  public Stage stage() {
    return Stage.STATE;
  }

  @Override
  public Check look(Round round) {
    List<String> faults = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (Service s : stack.services().values()) {
      List<Member> members = platform.workload(s.workload()).members();
      List<Integer> answers = SideBySide.map(members, m -> ask(s, m));
      for (int i = 0; i < members.size(); i++) {
        int status = answers.get(i);
        (status == 200 ? seen : faults).add(members.get(i).id() + " " + status);
      }
    }
    return Check.of(this, faults, List.of(), seen);
  }

  private int ask(Service s, Member m) {
    return client.ask(m.address(), s.port(), "GET", s.health(), "").status();
  }
}
