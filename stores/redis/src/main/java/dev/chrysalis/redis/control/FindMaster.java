package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import java.util.List;
import java.util.Map;

/// Sees who leads now, by itself and by the word of more than half of the Sentinels, for the steps
/// behind it. Refused where that one has no key while there are keys elsewhere. Parameters: those
/// of `RedisGroup`; `old`. Choices: those of `Leader`.
public record FindMaster(RedisViews views, RestorePoints vault) implements Action {
  public static final String NAME = "redis.find-master";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    RedisGroup group = RedisGroup.of(context.step());
    RedisState state = group.look(views);
    MemberView leader =
        Leader.inPlaceOf(AwaitFailover.old(context.step()), state)
            .orElseThrow(() ->
                new ChrysalisException(
                    RedisErrors.UNREACHABLE,
                    "no server leads that more than half of the Sentinels name",
                    "see what they say: chrysalis assess"));
    Candidates.refuseEmpty(leader, state, vault);
    return Leader.choices(group, leader);
  }

  @Override
  public Probe probe(StepContext context) {
    return context.choices().isEmpty()
        ? new Probe.Waiting("a master")
        : new Probe.Reached(context.choices());
  }

  @Override
  public void act(StepContext context) {
    // To look is all there is to do.
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "redis-cli -h \"$SENTINEL\" -p 26379 SENTINEL get-master-addr-by-name \"$MASTER_NAME\"",
        "redis-cli -h \"$NEW_MASTER\" ROLE; redis-cli -h \"$NEW_MASTER\" DBSIZE   # master, keys");
  }
}
