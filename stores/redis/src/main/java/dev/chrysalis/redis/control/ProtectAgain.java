package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.Parameters;
import java.util.List;
import java.util.Map;

/// Takes a fresh base of the new master. Parameters: `master` or `master-from`.
public record ProtectAgain(RedisAgents agents) implements Action {
  public static final String NAME = "redis.protect";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    return Map.of("member", Leader.of(context).toString());
  }

  @Override
  public Probe probe(StepContext context) {
    return context.choices().isEmpty()
        ? new Probe.Waiting("a fresh base")
        : RestoreMember.probe(agents.state(context, member(context)), "the backup");
  }

  private static MemberId member(StepContext context) {
    return MemberId.parse(Parameters.of(context.choices(), "member", "the journal"));
  }

  @Override
  public void act(StepContext context) {
    Map<String, String> _ = agents.run(context, member(context), true, List.of("redis", "backup"));
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of("chrysalis backup");
  }
}
