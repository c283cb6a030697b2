package dev.chrysalis.workloads;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Waits until all members of a service are ready, and replaces those that are not when it has
/// waited long enough. Where the new ones have had as long, too, it ends: another try would show
/// nothing else, and it may be the release that never gets ready. Parameters: `workload`,
/// `patience`, a duration of ISO 8601.
public record AwaitService(Platform platform) implements Action {
  public static final String NAME = "service.await";
  private static final String BEGUN = "begun";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    return Map.of(BEGUN, context.clock().instant().toString());
  }

  @Override
  public Probe probe(StepContext context) {
    Workload w = workload(context.step());
    if (w.settled()) {
      return new Probe.Reached(Map.of("replicas", Integer.toString(w.replicas())));
    }
    long ready = w.members().stream().filter(Member::ready).count();
    String text = "%s ready (%d of %d)".formatted(w.name(), ready, w.replicas());
    List<Member> late = late(context);
    Optional<Member> looping =
        late.stream().filter(m -> m.phase() == Member.Phase.CRASH_LOOPING).findFirst();
    if (looping.isPresent()) {
      return new Probe.Broken(
          "%s ends again and again (%s)".formatted(looping.get().id(), looping.get().lastExit()),
          "it may be its release, or what it needs; look again: chrysalis assess");
    }
    if (late.isEmpty()) {
      // Who was replaced since then is young, and gets its time.
      return new Probe.Waiting(text);
    }
    return hasWaited(context, 2)
        ? new Probe.Broken(
            text
                + ": not within "
                + patience(context).toSeconds()
                + " s, and not after a restart either",
            "it may be its release or its configuration; look again: chrysalis assess")
        : new Probe.Stalled(text);
  }

  @Override
  public void act(StepContext context) {
    late(context).forEach(m -> platform.restartMember(context.token(), m.id()));
  }

  @Override
  public List<String> byHand(Step step) {
    String name = Parameters.of(step, "workload");
    return List.of(
        "kubectl rollout status deployment/%s -n \"$NAMESPACE\" --timeout=300s".formatted(name),
        "kubectl rollout restart deployment/%s -n \"$NAMESPACE\"   # only if it does not come"
            .formatted(name));
  }

  /// Members that have had the time to get ready, since the step began and since they started.
  private List<Member> late(StepContext context) {
    Instant now = context.clock().instant();
    if (!hasWaited(context, 1)) {
      return List.of();
    }
    return workload(context.step()).members().stream()
        .filter(m -> !m.ready() && !now.isBefore(m.since().plus(patience(context))))
        .toList();
  }

  /// Whether the step began so many times its patience ago.
  private static boolean hasWaited(StepContext context, int times) {
    String begun = context.choices().get(BEGUN);
    return begun != null
        && !context
            .clock()
            .instant()
            .isBefore(Instant.parse(begun).plus(patience(context).multipliedBy(times)));
  }

  private static Duration patience(StepContext context) {
    return Duration.parse(Parameters.of(context.step(), "patience"));
  }

  private Workload workload(Step step) {
    return platform.workload(Parameters.of(step, "workload"));
  }
}
