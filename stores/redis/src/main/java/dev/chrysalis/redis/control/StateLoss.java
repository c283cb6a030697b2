package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.workloads.Parameters;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Says what was lost, as far as anybody can know. After a failover: how far the new master had the
/// old one's replication stream, against the furthest that any server is known to have had of it;
/// what the old master wrote after it was last heard is unknown. After a restore: what was written
/// after the moment that was reached. Parameters: `master` or `master-from` and `positions-from`;
/// or `point-from`.
///
/// Evidence: `lost` in a sentence, and where they are known `bytes`, `offset` of the new master,
/// `furthest`, `since`, and `vaultHeldUntil`: up to when the vault's log has what the old master
/// had written, also what the new one lacks.
public record StateLoss(RestorePoints vault) implements Action {
  public static final String NAME = "redis.state-loss";
  static final String POSITIONS_FROM = "positions-from";
  static final String POINT_FROM = "point-from";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    Map<String, String> evidence =
        context.step().parameters().containsKey(POINT_FROM)
            ? afterRestore(context)
            : afterFailover(context);
    vault.recoveryPoint().ifPresent(at -> evidence.put("vaultHeldUntil", at.toString()));
    return evidence;
  }

  private static Map<String, String> afterRestore(StepContext context) {
    String from = Parameters.of(context.step(), POINT_FROM);
    String at = Parameters.of(context.choicesOf(from), "at", "step " + from);
    Map<String, String> evidence = new LinkedHashMap<>();
    evidence.put("lost", "unknown is what was written after " + at);
    evidence.put("since", at);
    return evidence;
  }

  private static Map<String, String> afterFailover(StepContext context) {
    String master = Leader.of(context).toString();
    Map<String, String> before = context.choicesOf(Parameters.of(context.step(), POSITIONS_FROM));
    Positions positions = Positions.in(before);
    OptionalLong own = positions.of(master);
    Map<String, String> evidence = new LinkedHashMap<>();
    if (own.isEmpty() || before.containsKey("before")) {
      evidence.put(
          "lost", "unknown: " + master + " led before the replicas' positions could be seen");
      return evidence;
    }
    long furthest = positions.furthest(master).orElse(own.getAsLong());
    long bytes = Math.max(0, furthest - own.getAsLong());
    evidence.put("lost", sentence(bytes, positions.heardUntil()));
    evidence.put("bytes", Long.toString(bytes));
    evidence.put("offset", Long.toString(own.getAsLong()));
    evidence.put("furthest", Long.toString(furthest));
    positions.heardUntil().ifPresent(at -> evidence.put("since", at.toString()));
    return evidence;
  }

  private static String sentence(long bytes, Optional<Instant> heard) {
    return (bytes == 0
            ? "nothing that any server is known to have had"
            : bytes + " bytes of the replication stream that another server had")
        + "; unknown is what the old master acknowledged after "
        + heard.map(at -> at + ", when a replica last heard it").orElse("a replica last heard it");
  }

  @Override
  public Probe probe(StepContext context) {
    return context.choices().isEmpty()
        ? new Probe.Waiting("the positions to be compared")
        : new Probe.Reached(context.choices());
  }

  @Override
  public void act(StepContext context) {
    // To look is all there is to do.
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "# noted before the failover of every server that answers: INFO replication",
        "# lost at least: the greatest offset among them, less the new master's");
  }
}
