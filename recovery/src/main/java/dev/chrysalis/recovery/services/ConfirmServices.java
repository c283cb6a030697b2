package dev.chrysalis.recovery.services;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.RecoveryErrors;
import dev.chrysalis.workloads.Parameters;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Looks once more, now under the lease, whether what was planned for the services still fits: one
/// that came back by itself is not restarted. Parameters: `remedies`, see `text`; `refusing`,
/// `true` where what does not fit ends the run. In a datastore's plan it does not: that must go on,
/// and each step for a service looks for itself whether it is still needed.
///
/// @param brokenStores the datastores that serve nobody now
public record ConfirmServices(ServiceViews views, Supplier<Set<String>> brokenStores)
    implements Action {
  public static final String NAME = "services.confirm";
  static final String REFUSING = "refusing";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    List<ServiceSituation> now = views.situations(brokenStores.get());
    if ("true".equals(context.step().parameters().get(REFUSING))) {
      refuseUnlessFitting(planned(context.step()), now);
    }
    return Map.of("remedies", text(now));
  }

  private static Map<String, Remedy> planned(Step step) {
    Map<String, Remedy> planned = new HashMap<>();
    for (String text : Parameters.list(step, "remedies")) {
      String[] parts = text.split("=", 2);
      planned.put(parts[0], Remedy.valueOf(parts[1]));
    }
    return planned;
  }

  /// @param now none comes before what it needs
  private static void refuseUnlessFitting(Map<String, Remedy> planned, List<ServiceSituation> now) {
    Set<String> handled = new HashSet<>(planned.keySet());
    for (ServiceSituation situation : now) {
      Remedy remedy = planned.get(situation.service());
      if (remedy != null) {
        refuseUnlessFitting(remedy, situation, handled);
      } else if (situation.state() instanceof ServiceState.Waits waits
          && handled.containsAll(waits.on())) {
        handled.add(situation.service());
      }
    }
  }

  private static void refuseUnlessFitting(
      Remedy planned, ServiceSituation now, Set<String> handled) {
    if (!fits(planned, now.state(), handled)) {
      throw new ChrysalisException(
          RecoveryErrors.SERVICES_CHANGED,
          "the plan was made to %s %s, which now %s"
              .formatted(ServicePlans.words(planned), now.service(), now.state().text()),
          "nothing of it was touched; abort this run and look again: chrysalis assess");
    }
  }

  /// Waiting and fresh processes do no harm where less is needed by now: one that is ready is left
  /// alone by both. They do not help where it waits for what this plan does not bring back, or
  /// where its release is bad.
  private static boolean fits(Remedy planned, ServiceState now, Set<String> handled) {
    boolean mild = planned == Remedy.AWAIT || planned == Remedy.RESTART;
    if (now instanceof ServiceState.Waits waits) {
      return mild && handled.containsAll(waits.on());
    }
    boolean away = now instanceof ServiceState.ScaledAway;
    return now.remedy() == planned
        || (away && planned == Remedy.SCALE_UP)
        || (mild
            && switch (now.remedy()) {
              case NONE -> !away;
              case AWAIT, RESTART -> true;
              case ROLL_BACK, SCALE_UP -> false;
            });
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
