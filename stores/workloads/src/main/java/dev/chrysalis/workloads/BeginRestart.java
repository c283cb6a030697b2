package dev.chrysalis.workloads;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Platform;
import java.util.List;
import java.util.Map;

/// Replaces a member's processes, hung ones too, and leaves it to another step to wait for what the
/// member is to become. Where `RestartMember` waits for one that is ready, that step may know more:
/// of members that only start together, and of what one does that is not ready yet. Parameter:
/// `member`.
public record BeginRestart(Platform platform) implements Action {
  public static final String NAME = "member.begin-restart";

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
  public Probe probe(StepContext context) {
    return new Probe.Reached(Map.of());
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
