package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Reconciled;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.RedisErrors;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Makes the chosen replica the master, without the Sentinels, which are stopped. Comes after the
/// old master was fenced. Whether it happened shows in the server's role. Parameters: those of
/// `RedisGroup`; `master-from`.
public record Lead(RedisViews views, RedisAgents agents) implements Action {
  public static final String NAME = "redis.lead";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    return Map.of(Leader.CANDIDATE, Leader.of(context).toString());
  }

  @Override
  public Probe probe(StepContext context) {
    MemberId candidate = Leader.of(context);
    return views
        .server(candidate)
        .filter(MemberView::leads)
        .<Probe>map(view -> new Probe.Reached(evidence(view)))
        .orElseGet(() -> new Probe.Waiting(candidate + " to take writes"));
  }

  private static Map<String, String> evidence(MemberView view) {
    Map<String, String> evidence = new HashMap<>();
    view.position().ifPresent(at -> evidence.put("offset", Long.toString(at)));
    view.keys().ifPresent(keys -> evidence.put("keys", Long.toString(keys)));
    return evidence;
  }

  @Override
  public void act(StepContext context) {
    Map<String, String> result =
        agents.run(context, Leader.of(context), false, List.of("redis", "lead"));
    context.note("made the master: " + result);
  }

  /// By its role, once its job has ended. Done twice it leads to the same end.
  @Override
  public Reconciled reconcile(StepContext context) {
    MemberId candidate = Leader.of(context);
    Reconciled _ = agents.reconcile(context, candidate, () -> probe(context));
    MemberView view =
        views
            .server(candidate)
            .filter(MemberView::answers)
            .orElseThrow(() ->
                new ChrysalisException(
                    RedisErrors.UNREACHABLE,
                    candidate + " does not say whether it leads",
                    "see whether it runs: chrysalis assess"));
    return view.leads()
        ? new Reconciled.Happened(evidence(view))
        : new Reconciled.DidNotHappen(candidate + " is a replica");
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "# only after the old master is fenced and the Sentinels are stopped",
        "redis-cli -h \"$CANDIDATE\" REPLICAOF NO ONE && redis-cli -h \"$CANDIDATE\" CONFIG REWRITE");
  }
}
