package dev.chrysalis.workloads;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.Workload;
import java.util.List;
import java.util.Map;

/// Tells a service where its store's primary is now, by a variable of its environment, and waits
/// until all its members run with it and are ready (a service that is stopped only needs the
/// setting). Parameters: `workload`, `variable`, and either `primary`, a member, or `address-from`:
/// the step among whose choices the primary's address stands under `address`.
public record PointClients(Platform platform) implements Action {
  public static final String NAME = "service.point";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    Map<String, String> parameters = context.step().parameters();
    String primary = parameters.get("primary");
    if (primary != null) {
      Member member = Members.get(platform, MemberId.parse(primary));
      return Map.of("address", member.address());
    }
    String from = Parameters.of(context.step(), "address-from");
    return Map.of("address", Parameters.of(context.choicesOf(from), "address", "step " + from));
  }

  @Override
  public Probe probe(StepContext context) {
    Workload w = platform.workload(Parameters.of(context.step(), "workload"));
    String address = context.choices().get("address");
    String now = w.environment().get(Parameters.of(context.step(), "variable"));
    if (address == null || !address.equals(now)) {
      return new Probe.Waiting(w.name() + " to be pointed at the primary");
    }
    if (w.settled()) {
      return new Probe.Reached(Map.of("address", address, "revision", "" + w.revision()));
    }
    long ready = w.members().stream().filter(Member::ready).count();
    return new Probe.Waiting(
        "%s ready with revision %d (%d of %d)"
            .formatted(w.name(), w.revision(), ready, w.replicas()));
  }

  @Override
  public void act(StepContext context) {
    platform.configure(
        context.token(),
        Parameters.of(context.step(), "workload"),
        Map.of(
            Parameters.of(context.step(), "variable"),
            Parameters.of(context.choices(), "address", "the journal")));
  }

  @Override
  public List<String> byHand(Step step) {
    String name = Parameters.of(step, "workload");
    return List.of(
        "kubectl set env deployment/%s %s=\"$NEW_PRIMARY\" -n \"$NAMESPACE\""
            .formatted(name, Parameters.of(step, "variable")),
        "kubectl rollout status deployment/%s -n \"$NAMESPACE\" --timeout=300s".formatted(name));
  }
}
