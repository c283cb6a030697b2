package dev.chrysalis.workloads;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.PlatformEvent;
import dev.chrysalis.platform.Workload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// Keeps what a restart would wipe out: state, events and the last log lines of workloads, as a
/// record of the run. Parameters: `workloads`, and `container` whose log is kept.
public record KeepEvidence(Platform platform, RecordStore records) implements Action {
  public static final String NAME = "evidence.keep";
  private static final int EVENTS = 50;
  private static final int LINES = 100;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Probe probe(StepContext context) {
    String key = key(context);
    return records
        .read(key)
        .<Probe>map(b -> new Probe.Reached(Map.of("record", key, "bytes", "" + b.length)))
        .orElseGet(() -> new Probe.Waiting("the evidence in the vault"));
  }

  @Override
  public void act(StepContext context) {
    StringBuilder text = new StringBuilder();
    for (String name : Parameters.list(context.step(), "workloads")) {
      Workload workload = platform.workload(name);
      text.append("== ").append(workload).append('\n');
      for (PlatformEvent e : platform.events(name, EVENTS)) {
        text.append("%s %s %s %s%n".formatted(e.at(), e.subject(), e.reason(), e.message()));
      }
      for (Member member : workload.members()) {
        text.append("-- log of ").append(member.id()).append('\n');
        platform.logs(member.id(), "", LINES).forEach(line -> text.append(line).append('\n'));
      }
    }
    records.create(key(context), text.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public List<String> byHand(Step step) {
    return Parameters.list(step, "workloads").stream()
        .map(w ->
            "kubectl describe pod -n \"$NAMESPACE\" -l app=%s > evidence-%s.txt".formatted(w, w))
        .toList();
  }

  private static String key(StepContext context) {
    return "evidence/"
        + context.run().toLowerCase(java.util.Locale.ROOT)
        + "/"
        + context.step().id();
  }
}
