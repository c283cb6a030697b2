package dev.chrysalis.workloads;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Fencing;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import java.util.List;
import java.util.Map;

/// Lets a member run again and waits until it is ready. Parameter `member`.
public record UnfenceMember(Platform platform) implements Action {
  public static final String NAME = "member.start";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Probe probe(StepContext context) {
    MemberId id = FenceMember.member(context.step());
    if (platform.fencing(id) instanceof Fencing.Proven) {
      return new Probe.Waiting(id + " to be let run");
    }
    return Members.ready(platform, id)
        .<Probe>map(m -> new Probe.Reached(Map.of("ready", m.address())))
        .orElseGet(() -> new Probe.Waiting(id + " ready (" + phase(id) + ")"));
  }

  @Override
  public void act(StepContext context) {
    platform.unfence(context.token(), FenceMember.member(context.step()));
  }

  @Override
  public List<String> byHand(Step step) {
    MemberId id = FenceMember.member(step);
    return List.of(
        "kubectl scale statefulset/%s --replicas=%d -n \"$NAMESPACE\""
            .formatted(id.workload(), id.ordinal() + 1),
        "kubectl wait --for=condition=ready pod/%s -n \"$NAMESPACE\" --timeout=600s".formatted(id));
  }

  private String phase(MemberId id) {
    return Members.find(platform, id).map(Member::phase).map(Enum::name).orElse("not there");
  }
}
