package dev.chrysalis.recovery.services;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.RecoveryErrors;
import dev.chrysalis.workloads.Parameters;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Looks once more, now under the lease, whether what was planned for the services still fits: one
/// that came back by itself is not restarted. Parameters: `remedies`, see `text`, and `broken`, the
/// datastores that served nobody when the plan was made.
public record ConfirmServices(ServiceViews views) implements Action {
  public static final String NAME = "services.confirm";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    Map<String, ServiceSituation> now =
        views.situations(Set.copyOf(Parameters.list(context.step(), "broken"))).stream()
            .collect(Collectors.toMap(ServiceSituation::service, Function.identity()));
    for (String planned : Parameters.list(context.step(), "remedies")) {
      String[] parts = planned.split("=", 2);
      refuseUnlessFitting(Remedy.valueOf(parts[1]), Objects.requireNonNull(now.get(parts[0])));
    }
    return Map.of("remedies", text(List.copyOf(now.values())));
  }

  private static void refuseUnlessFitting(Remedy planned, ServiceSituation now) {
    // Who only waits for a service does no harm to one that is ready by now.
    boolean fits =
        now.state().remedy() == planned
            || (planned == Remedy.AWAIT && now.state().remedy() == Remedy.NONE);
    if (!fits) {
      throw new ChrysalisException(
          RecoveryErrors.SERVICES_CHANGED,
          "the plan was made to %s %s, which now %s"
              .formatted(ServicePlans.words(planned), now.service(), now.state().text()),
          "nothing of it was touched; abort this run and look again: chrysalis assess");
    }
  }

  @Override
  public Probe probe(StepContext context) {
    return context.choices().isEmpty()
        ? new Probe.Waiting("a second look")
        : new Probe.Reached(context.choices());
  }

  @Override
  public void act(StepContext context) {
    // To look is all there is to do.
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of("chrysalis assess");
  }

  /// What is to be done to whom: `capsule=RESTART,perception=ROLL_BACK`.
  static String text(List<ServiceSituation> found) {
    return found.stream()
        .filter(ServiceSituation::troubled)
        .map(s -> s.service() + "=" + s.state().remedy())
        .sorted()
        .collect(Collectors.joining(","));
  }
}
