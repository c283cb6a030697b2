package dev.chrysalis.workloads;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Replaces a member's processes, hung ones too, waits until the old ones are gone, and leaves it
/// to another step to wait for what the member is to become. Where `RestartMember` waits for one
/// that is ready, that step may know more: of members that only start together, and of what one
/// does that is not ready yet. Parameter: `member`.
public record BeginRestart(Platform platform) implements Action {
  public static final String NAME = "member.begin-restart";
  private static final String BEFORE = "before";

  @Override
  public String name() {
    return NAME;
  }

  /// That it was done is the goal.
  @Override
  public boolean alwaysActs() {
    return true;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    return Map.of(BEFORE, context.clock().instant().toString());
  }

  /// One that was still starting may do so in the same phase as before: it is not waited for, and
  /// whoever looks at it takes it for what it is.
  @Override
  public Probe probe(StepContext context) {
    MemberId id = FenceMember.member(context.step());
    Instant before = Instant.parse(Parameters.of(context.choices(), BEFORE, "the journal"));
    return Members.find(platform, id)
        .filter(m -> m.phase() == Member.Phase.STARTING || !m.since().isBefore(before))
        .<Probe>map(m -> new Probe.Reached(Map.of("since", m.since().toString())))
        .orElseGet(() -> new Probe.Waiting(id + " to be stopped and started"));
  }

  @Override
  public void act(StepContext context) {
    MemberId id = FenceMember.member(context.step());
    // A recovery that was given up may have left it fenced.
    platform.unfence(context.token(), id);
    platform.restartMember(context.token(), id);
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of("kubectl delete pod %s -n \"$NAMESPACE\"".formatted(FenceMember.member(step)));
  }
}
