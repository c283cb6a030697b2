package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Reconciled;
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

/// Makes the Sentinels fail over where they did not do it by themselves. Done at most once: that it
/// happened shows in the address that the Sentinels name. Refused where no replica is fit, with the
/// reason of each. Parameters: those of `RedisGroup`; `old`.
///
/// Choices: `from`, the address that is to be left, and the `sentinel` that is told; or `byItself`,
/// the member that leads already.
public record ForceFailover(RedisViews views, RedisAgents agents) implements Action {
  public static final String NAME = "redis.force-failover";
  private static final String BY_ITSELF = "byItself";
  private static final String SENTINEL = "sentinel";
  private static final String FROM = "from";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    RedisState state = RedisGroup.of(context.step()).look(views);
    List<String> old = AwaitFailover.old(context.step());
    Optional<MemberView> led = Leader.inPlaceOf(old, state);
    if (led.isPresent()) {
      return Map.of(BY_ITSELF, led.get().id().toString());
    }
    List<MemberView> _ = Candidates.requireFit(state, old);
    SentinelView told =
        state.answering().stream()
            .filter(s -> s.master().isPresent())
            .min((a, b) -> Boolean.compare(b.canFailOver(), a.canFailOver()))
            .orElseThrow(() ->
                new ChrysalisException(
                    RedisErrors.UNREACHABLE,
                    "no Sentinel answers, so none can be told to fail over",
                    "start the Sentinels, or make a new plan, which does without them: chrysalis"
                        + " recover"));
    return Map.of(SENTINEL, told.id().toString(), FROM, told.master().orElseThrow().toString());
  }

  @Override
  public Probe probe(StepContext context) {
    if (context.choices().isEmpty()) {
      return new Probe.Waiting("the failover");
    }
    RedisState state = RedisGroup.of(context.step()).look(views);
    return Leader.inPlaceOf(AwaitFailover.old(context.step()), state)
        .<Probe>map(led -> new Probe.Reached(evidence(context, led)))
        .orElseGet(
            () -> new Probe.Waiting("another master that more than half of the Sentinels name"));
  }

  private static Map<String, String> evidence(StepContext context, MemberView led) {
    Map<String, String> evidence = new HashMap<>();
    evidence.put(Leader.MASTER, led.id().toString());
    evidence.put(
        AwaitFailover.FAILOVER, context.choices().containsKey(BY_ITSELF) ? "by itself" : "forced");
    led.position().ifPresent(at -> evidence.put("offset", Long.toString(at)));
    return evidence;
  }

  @Override
  public void act(StepContext context) {
    if (context.choices().containsKey(BY_ITSELF)) {
      return;
    }
    String from = Parameters.of(context.choices(), FROM, "the journal");
    Map<String, String> result =
        agents.run(context, sentinel(context), false, List.of("redis", "failover", "--from", from));
    context.note("the Sentinels were told to fail over: " + result);
  }

  private static MemberId sentinel(StepContext context) {
    return MemberId.parse(Parameters.of(context.choices(), SENTINEL, "the journal"));
  }

  /// By which address the Sentinels name now, once the job that told them has ended. While they do
  /// not agree on one, or a failover goes on, they are asked again.
  @Override
  public Reconciled reconcile(StepContext context) {
    if (context.choices().containsKey(FROM)) {
      Reconciled _ = agents.reconcile(context, sentinel(context), () -> probe(context));
    }
    // One look for both answers: between two the failover may happen.
    RedisState state = RedisGroup.of(context.step()).look(views);
    Optional<MemberView> led = Leader.inPlaceOf(AwaitFailover.old(context.step()), state);
    if (led.isPresent()) {
      return new Reconciled.Happened(evidence(context, led.get()));
    }
    String from = context.choices().getOrDefault(FROM, "");
    long name =
        state.answering().stream()
            .filter(s -> s.master().filter(at -> at.toString().equals(from)).isPresent())
            .count();
    if (name < state.majority() || state.answering().stream().anyMatch(SentinelView::failsOver)) {
      throw new ChrysalisException(
          RedisErrors.UNREACHABLE,
          "the Sentinels do not say yet where the failover leads",
          "see what they say: chrysalis assess");
    }
    return new Reconciled.DidNotHappen(name + " Sentinels still name " + from);
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "# only where it did not happen by itself, and the old master is stopped",
        "redis-cli -h \"$SENTINEL\" -p 26379 SENTINEL FAILOVER \"$MASTER_NAME\"");
  }
}
