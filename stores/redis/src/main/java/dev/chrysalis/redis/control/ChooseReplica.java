package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.RedisErrors;
import dev.chrysalis.workloads.Parameters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Chooses the most advanced fit replica, and refuses, with the reason of each, where none is fit.
/// Refused while another server leads. Parameters: those of `RedisGroup`; `old`, the members that
/// cannot be chosen; `holder`, the only one that may be, where the plan knows it: it may lead
/// already; `or-leader`: whom the Sentinels made the master meanwhile is chosen.
///
/// Choices: those of `Leader` and `Positions`.
public record ChooseReplica(RedisViews views) implements Action {
  public static final String NAME = "redis.choose-replica";
  static final String OLD = "old";
  static final String HOLDER = "holder";
  static final String OR_LEADER = "or-leader";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    RedisGroup group = RedisGroup.of(context.step());
    RedisState state = group.look(views);
    MemberView chosen = chosen(context.step(), state);
    Map<String, String> choices =
        new HashMap<>(Positions.of(state, context.clock().instant()).choices());
    choices.putAll(Leader.choices(group, chosen));
    return choices;
  }

  private static MemberView chosen(Step step, RedisState state) {
    List<String> old = Parameters.list(step, OLD);
    boolean orLeader = step.parameters().containsKey(OR_LEADER);
    Optional<MemberView> led = Leader.inPlaceOf(old, state).filter(_ -> orLeader);
    Optional<String> holder = Optional.ofNullable(step.parameters().get(HOLDER));
    MemberView chosen =
        led.or(() -> holder.map(name -> holding(state, MemberId.parse(name))))
            .orElseGet(() -> Candidates.mostAdvanced(state, old));
    state.leaders().stream()
        .filter(v -> !v.id().equals(chosen.id()) && !old.contains(v.id().toString()))
        .forEach(leader -> refuse(leader, orLeader));
    return chosen;
  }

  private static MemberView holding(RedisState state, MemberId holder) {
    return state
        .server(holder)
        .filter(v -> v.keys().orElse(0) > 0)
        .orElseThrow(() ->
            new ChrysalisException(
                RedisErrors.EMPTY_LEADER,
                holder + " does not show the data any more for which it was to lead",
                "nothing leads now that did not before; make a new plan: chrysalis recover"));
  }

  /// @param soon whether more than half of the Sentinels may name it soon, so that it is asked
  ///   again
  private static void refuse(MemberView leader, boolean soon) {
    throw new ChrysalisException(
        soon ? RedisErrors.UNREACHABLE : RedisErrors.SITUATION_CHANGED,
        leader.id() + " leads already: no other is made the master beside it",
        "see what is there now: chrysalis assess");
  }

  @Override
  public Probe probe(StepContext context) {
    return context.choices().isEmpty()
        ? new Probe.Waiting("a replica to be chosen")
        : new Probe.Reached(context.choices());
  }

  @Override
  public void act(StepContext context) {
    // The choice is all there is to do.
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "# on every replica; take the one with the greatest slave_repl_offset, if it has keys",
        "redis-cli -h \"$MEMBER\" INFO replication; redis-cli -h \"$MEMBER\" DBSIZE");
  }
}
