package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Step;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.workloads.Parameters;
import dev.chrysalis.workloads.SecondLook;
import java.util.List;
import java.util.Optional;

/// Looks once more whether what the plan was made for is still so. Parameters: those of
/// `RedisGroup`; `situation`, a `Gist`; `failed-over`: the members in whose place the plan wants
/// another master, where it also fits that the Sentinels saw to it meanwhile.
public record ConfirmSituation(RedisViews views, RestorePoints vault) implements SecondLook {
  public static final String NAME = "redis.confirm-situation";
  static final String FAILED_OVER = "failed-over";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Seen look(Step step) {
    RedisState state = RedisGroup.of(step).look(views);
    Situation found = Diagnosis.of(state, vault.past());
    if (SecondLook.ofWholeStore(step)) {
      String silent = Diagnosis.silent(state.servers());
      return SecondLook.whole(
          step,
          Gist.ofWholeStore(found, state),
          unclear(found, false).or(() -> Optional.of(silent).filter(s -> !s.isEmpty())));
    }
    List<String> old = Parameters.list(step, FAILED_OVER);
    boolean failedOver =
        !old.isEmpty()
            && found.serves()
            && found.takesWrites().filter(m -> !old.contains(m.toString())).isPresent();
    return new Seen(Gist.of(found, state), failedOver, unclear(found, !old.isEmpty()));
  }

  private static Optional<String> unclear(Situation found, boolean failsOver) {
    return found instanceof Situation.Unclear(String why)
        ? Optional.of(why)
        : Optional.of("the Sentinels are failing over just now")
            .filter(_ -> found instanceof Situation.WrongMaster && failsOver);
  }

  @Override
  public ErrorCode unreachable() {
    return RedisErrors.UNREACHABLE;
  }

  @Override
  public ErrorCode changed() {
    return RedisErrors.SITUATION_CHANGED;
  }
}
