package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.Parameters;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Waits until the vault holds all that the master had written when this step began, by its own log
/// (that of an old master that was cut off may go on beside it): log shipping runs, and where the
/// writers are stopped nothing is missing. Where the server writes no append-only file there is no
/// log to wait for. Changes nothing. Parameters: those of `RedisGroup`; `master` or `master-from`;
/// `point-from`, to tell what a restore leaves out.
///
/// Evidence: `heldUntil`, or `log`, why there is none; `discarded` in words.
public record AwaitLog(RedisViews views, RestorePoints vault) implements Action {
  public static final String NAME = "redis.await-log";
  private static final String SINCE = "since";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    return Map.of(
        SINCE, context.clock().instant().toString(), "member", Leader.of(context).toString());
  }

  @Override
  public Probe probe(StepContext context) {
    String since = context.choices().get(SINCE);
    if (since == null) {
      return new Probe.Waiting("the log");
    }
    MemberId master = Leader.of(context);
    Optional<MemberView> leader = views.server(master).filter(MemberView::leads);
    if (leader.isEmpty()) {
      return new Probe.Waiting(master + " to answer as the master");
    }
    Optional<Instant> held = vault.recoveryPoint(master);
    if (!"on".equals(leader.get().status().get("aof"))) {
      return new Probe.Reached(
          evidence(context, held, Map.of("log", "none: the append-only file is off")));
    }
    return held.filter(at -> !at.isBefore(Instant.parse(since))).isPresent()
        ? new Probe.Reached(evidence(context, held, Map.of()))
        : new Probe.Waiting(
            "the vault to have the log up to %s (it has it up to %s)"
                .formatted(since, held.map(Instant::toString).orElse("nothing")));
  }

  private static Map<String, String> evidence(
      StepContext context, Optional<Instant> held, Map<String, String> more) {
    Map<String, String> evidence = new HashMap<>(more);
    held.ifPresent(at -> evidence.put("heldUntil", at.toString()));
    String from = context.step().parameters().get(StateLoss.POINT_FROM);
    if (from != null) {
      String at = Parameters.of(context.choicesOf(from), "at", "step " + from);
      evidence.put(
          "discarded",
          "what was written from %s to %s"
              .formatted(at, held.map(Instant::toString).orElse("now")));
    }
    return evidence;
  }

  @Override
  public void act(StepContext context) {
    // The shipper beside the master does it.
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of("chrysalis status   # until the recovery point is behind this moment");
  }
}
