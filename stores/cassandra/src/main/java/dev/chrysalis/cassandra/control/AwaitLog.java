package dev.chrysalis.cassandra.control;

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

/// Waits until the vault holds all that nodes had acknowledged when this step began: their logs are
/// shipped, and where the writers are stopped nothing is missing. Changes nothing. Parameters:
/// `members`; `point-from`, to tell what a restore leaves out.
///
/// Evidence: `heldUntil`; `discarded` in words.
public record AwaitLog(RestorePoints vault) implements Action {
  public static final String NAME = "cassandra.await-log";
  static final String MEMBERS = "members";
  static final String DISCARDED = "discarded";
  private static final String SINCE = "since";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    return Map.of(SINCE, context.clock().instant().toString());
  }

  @Override
  public Probe probe(StepContext context) {
    String since = context.choices().get(SINCE);
    if (since == null) {
      return new Probe.Waiting("the log");
    }
    Optional<Instant> least = Optional.empty();
    for (String name : Parameters.list(context.step(), MEMBERS)) {
      Optional<Instant> held = vault.recoveryPoint(MemberId.parse(name));
      if (held.filter(at -> !at.isBefore(Instant.parse(since))).isEmpty()) {
        return new Probe.Waiting(
            "the vault to have the log of %s up to %s (it has it up to %s)"
                .formatted(name, since, held.map(Instant::toString).orElse("nothing")));
      }
      least = least.isEmpty() || held.get().isBefore(least.get()) ? held : least;
    }
    return new Probe.Reached(evidence(context, least));
  }

  private static Map<String, String> evidence(StepContext context, Optional<Instant> held) {
    Map<String, String> evidence = new HashMap<>();
    held.ifPresent(at -> evidence.put("heldUntil", at.toString()));
    String from = context.step().parameters().get(RestoreNode.POINT_FROM);
    if (from != null) {
      String at = Parameters.of(context.choicesOf(from), ChooseRestorePoint.AT, "step " + from);
      evidence.put(
          DISCARDED,
          "what was written from %s to %s"
              .formatted(at, held.map(Instant::toString).orElse("now")));
    }
    return evidence;
  }

  @Override
  public void act(StepContext context) {
    // The shippers beside the nodes do it.
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of("chrysalis status   # until the recovery point is behind this moment");
  }
}
