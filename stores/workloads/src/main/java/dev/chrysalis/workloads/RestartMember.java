package dev.chrysalis.workloads;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Replaces a member's processes, hung ones too, and waits until it is ready. Parameters: `member`,
/// and `unlessReady`, `true` where one that is ready when the step begins is left alone: it came
/// back by itself.
public record RestartMember(Platform platform) implements Action {
  public static final String NAME = "member.restart";
  public static final String UNLESS_READY = "unlessReady";
  private static final String READY = "ready";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    Map<String, String> choices = new HashMap<>();
    choices.put("before", context.clock().instant().toString());
    if ("true".equals(context.step().parameters().get(UNLESS_READY))) {
      Members.ready(platform, FenceMember.member(context.step()))
          .ifPresent(m -> choices.put(READY, "since " + m.since()));
    }
    return choices;
  }

  @Override
  public Probe probe(StepContext context) {
    MemberId id = FenceMember.member(context.step());
    String before = context.choices().get("before");
    if (before == null) {
      return new Probe.Waiting(id + " to be restarted");
    }
    if (context.choices().containsKey(READY)) {
      return new Probe.Reached(Map.of("readyByItself", context.choices().get(READY)));
    }
    return Members.ready(platform, id)
        .filter(m -> !m.since().isBefore(Instant.parse(before)))
        .<Probe>map(m -> new Probe.Reached(Map.of("runningSince", m.since().toString())))
        .orElseGet(() -> new Probe.Waiting(id + " ready after its restart" + lastExit(id)));
  }

  @Override
  public void act(StepContext context) {
    MemberId id = FenceMember.member(context.step());
    // A recovery that was given up may have left it fenced.
    platform.unfence(context.token(), id);
    if (!isUnderWay(context, id)) {
      platform.restartMember(context.token(), id);
    }
  }

  /// Whether a controller before this one did it: a server that reads its data for an hour must not
  /// begin again whenever the run is resumed. After the step failed it is restarted all the same.
  private boolean isUnderWay(StepContext context, MemberId id) {
    String before = context.choices().get("before");
    return before != null
        && context.attempt() == 1
        && Members.find(platform, id)
            .filter(m -> m.phase() == Member.Phase.STARTING)
            .filter(m -> !m.since().isBefore(Instant.parse(before)))
            .isPresent();
  }

  @Override
  public List<String> byHand(Step step) {
    MemberId id = FenceMember.member(step);
    return List.of(
        "kubectl delete pod %s -n \"$NAMESPACE\"".formatted(id),
        "kubectl wait --for=condition=ready pod/%s -n \"$NAMESPACE\" --timeout=300s".formatted(id));
  }

  private String lastExit(MemberId id) {
    return Members.find(platform, id)
        .map(Member::lastExit)
        .filter(e -> !e.isEmpty())
        .map(e -> " (last ended with " + e + ")")
        .orElse("");
  }
}
