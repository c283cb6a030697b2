package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.Parameters;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Starts Sentinels, and waits until more than half of all name the master, see enough others to
/// fail over, and those that were started are among them. Parameters: those of `RedisGroup`;
/// `start`, the Sentinels to be started; `master` or `master-from`.
public record AwaitSentinels(RedisViews views) implements Action {
  public static final String NAME = "redis.await-sentinels";
  static final String START = "start";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    return Map.of(Leader.MASTER, Leader.of(context).toString());
  }

  @Override
  public Probe probe(StepContext context) {
    if (context.choices().isEmpty()) {
      return new Probe.Waiting("the Sentinels");
    }
    MemberId master = Leader.of(context);
    RedisState state = RedisGroup.of(context.step()).look(views);
    Optional<MemberView> leader = state.server(master).filter(MemberView::leads);
    if (leader.isEmpty()) {
      return new Probe.Waiting(master + " to answer as the master");
    }
    List<String> started = Parameters.list(context.step(), START);
    List<MemberId> missing =
        state.sentinels().stream()
            .filter(s -> started.contains(s.id().toString()))
            .filter(s -> !(s.canFailOver() && s.names(leader.get())))
            .map(SentinelView::id)
            .toList();
    boolean named = state.named().filter(n -> n.id().equals(master)).isPresent();
    return named && missing.isEmpty() && state.failsOverByItself()
        ? new Probe.Reached(
            Map.of("named", master.toString(), "sentinels", "" + state.answering().size()))
        : new Probe.Waiting(
            missing.isEmpty()
                ? "more than half of the Sentinels to name " + master
                : missing + " to name " + master + " and see enough others");
  }

  @Override
  public void act(StepContext context) {
    Parameters.list(context.step(), START).stream()
        .map(MemberId::parse)
        .forEach(sentinel -> views.platform().unfence(context.token(), sentinel));
  }

  @Override
  public List<String> byHand(Step step) {
    String sentinels = Parameters.of(step, "sentinels");
    return List.of(
        "kubectl scale statefulset/%s --replicas=\"$NOTED\" -n \"$NAMESPACE\"".formatted(sentinels),
        "redis-cli -h \"$SENTINEL\" -p 26379 SENTINEL CKQUORUM \"$MASTER_NAME\"   # until: OK");
  }
}
