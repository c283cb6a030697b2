package dev.chrysalis.recovery.checklist;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.workloads.PlanFrame;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Goes through the checklist until no box fails, or the step's deadline; sample requests are sent
/// only once all else holds, so that waiting leaves no rows behind. Boxes that cannot be checked
/// stay *unknown* in the evidence.
public record VerifyChecklist(Checklist checklist) implements Action {
  public static final String NAME = PlanFrame.CHECKLIST;

  private static final String SINCE = "since";

  @Override
  public String name() {
    return NAME;
  }

  /// From which moment on errors count: those before it are the outage's.
  @Override
  public Map<String, String> choose(StepContext context) {
    return Map.of(SINCE, context.clock().instant().toString());
  }

  @Override
  public Probe probe(StepContext context) {
    List<Check> checks = checklist.goCarefully(context.runStarted(), verifying(context));
    return checks.stream()
        .filter(c -> c.verdict() == Check.Verdict.FAILED)
        .findFirst()
        .<Probe>map(c -> new Probe.Waiting(c.title() + ": " + c.evidence()))
        .orElseGet(() -> new Probe.Reached(evidence(checks)));
  }

  /// Journals of older versions do not tell; then all that comes from now on counts.
  private static Instant verifying(StepContext context) {
    String since = context.choices().get(SINCE);
    return since == null ? context.clock().instant() : Instant.parse(since);
  }

  @Override
  public void act(StepContext context) {
    // To look is all there is to do; the probe does.
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of("chrysalis verify");
  }

  private static Map<String, String> evidence(List<Check> checks) {
    Map<String, String> evidence = new LinkedHashMap<>();
    checks.forEach(c -> evidence.put(c.name(), c.verdict() + ": " + c.evidence()));
    return evidence;
  }
}
