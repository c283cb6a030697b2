package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.workloads.Parameters;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Watches the Sentinels fail over by themselves, against a deadline: as long as they say that they
/// take to see the master down and to fail over, else 30 s. Reached when another master leads, or
/// when the deadline is over: then the failover is to be forced. Changes nothing. Parameters: those
/// of `RedisGroup`; `old`: the members in whose place another is to lead.
///
/// Choices: `begun`, `patience`, and those of `Positions`. Evidence: `failover`, `by itself` or
/// `late`.
public record AwaitFailover(RedisViews views) implements Action {
  public static final String NAME = "redis.await-failover";
  static final String FAILOVER = "failover";
  private static final Duration UNKNOWN = Duration.ofSeconds(30);
  private static final Duration MOST = Duration.ofMinutes(10);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    RedisState state = RedisGroup.of(context.step()).look(views);
    Instant now = context.clock().instant();
    Map<String, String> choices = new HashMap<>(Positions.of(state, now).choices());
    choices.put("begun", now.toString());
    choices.put("patience", patience(state).toString());
    // Who had become the master before they were looked at, of that the positions tell nothing.
    Leader.inPlaceOf(old(context.step()), state)
        .ifPresent(leader -> choices.put("before", leader.id().toString()));
    return choices;
  }

  private static Duration patience(RedisState state) {
    return state.answering().stream()
        .map(SentinelView::failsOverWithin)
        .flatMap(Optional::stream)
        .max(Comparator.naturalOrder())
        .map(time -> time.compareTo(MOST) > 0 ? MOST : time)
        .orElse(UNKNOWN);
  }

  @Override
  public Probe probe(StepContext context) {
    String begun = context.choices().get("begun");
    if (begun == null) {
      return new Probe.Waiting("the Sentinels to be looked at");
    }
    RedisState state = RedisGroup.of(context.step()).look(views);
    Optional<MemberView> led = Leader.inPlaceOf(old(context.step()), state);
    if (led.isPresent()) {
      return new Probe.Reached(
          Map.of(FAILOVER, "by itself", Leader.MASTER, led.get().id().toString()));
    }
    Duration patience = Duration.parse(Parameters.of(context.choices(), "patience", "the journal"));
    Instant end = Instant.parse(begun).plus(patience);
    String seen =
        "%d of %d Sentinels hold the master for down"
            .formatted(
                state.answering().stream().filter(SentinelView::mastersDown).count(),
                state.sentinels().size());
    return context.clock().instant().isBefore(end)
        ? new Probe.Waiting(
            "the Sentinels to fail over by themselves until %s (%s)".formatted(end, seen))
        : new Probe.Reached(
            Map.of(FAILOVER, "late", "why", "not within " + patience + ": " + seen));
  }

  @Override
  public void act(StepContext context) {
    // The Sentinels do it.
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "redis-cli -h \"$SENTINEL\" -p 26379 SENTINEL get-master-addr-by-name \"$MASTER_NAME\""
            + "   # until another address comes");
  }

  static List<String> old(Step step) {
    return Parameters.list(step, ChooseReplica.OLD);
  }
}
