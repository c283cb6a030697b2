package dev.chrysalis.recovery;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.control.RestoreGround;
import dev.chrysalis.recovery.services.ServicePlans;
import dev.chrysalis.recovery.services.ServiceSituation;
import dev.chrysalis.recovery.store.StorePlanner;
import dev.chrysalis.recovery.store.StorePlans;
import dev.chrysalis.recovery.store.StoreRequest;
import dev.chrysalis.recovery.store.StoreSituation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Turns an assessment into a plan: for the scenario that was found, or for one that a person asks
/// for and that fits what was found.
public final class Planner {
  /// The scenario that no assessment finds: values are wrong, and everything runs.
  public static final String DATA_CORRUPTED = "data-corrupted";

  /// The scenarios for which a plan can be asked.
  public static final List<String> SCENARIOS =
      List.of(
          "primary-down",
          "primary-lost",
          "master-down",
          "master-lost",
          "replica-down",
          "replica-lost",
          "replication-broken",
          "sentinels-down",
          "quorum-lost",
          "wrong-master",
          "node-down",
          "node-lost",
          "node-cut-off",
          "node-stuck",
          "schema-split",
          "tables-damaged",
          "node-unrepaired",
          Scenarios.STORE_LOST,
          DATA_CORRUPTED,
          Scenarios.SERVICE_DOWN,
          Scenarios.ALL_DOWN);

  /// What is done because a person says so, whatever is found.
  private static final Set<String> ASKED_FOR = Set.of(Scenarios.STORE_LOST, DATA_CORRUPTED);

  private final Stack stack;
  private final Map<String, Duration> measured;
  private final Function<StoreSituation, StorePlanner> planners;

  /// @param measured by an action's name: how long it took in runs so far
  /// @param planners who makes the plans of a datastore
  public Planner(
      Stack stack,
      Map<String, Duration> measured,
      Function<StoreSituation, StorePlanner> planners) {
    this.stack = stack;
    this.measured = Map.copyOf(measured);
    this.planners = planners;
  }

  /// The plan for all the trouble that was found, the deepest first, or for `asked`.
  ///
  /// @param datastore the one that is meant; empty for all that are in trouble
  public Plan plan(Assessment found, Optional<String> asked, Optional<String> datastore) {
    asked.ifPresent(Planner::refuseUnknown);
    if (found.allWell() && asked.filter(ASKED_FOR::contains).isEmpty()) {
      throw new ChrysalisException(
          RecoveryErrors.NOTHING_TO_RECOVER,
          "nothing of " + stack.name() + " needs recovery",
          "see what was looked at: chrysalis assess");
    }
    String scenario = asked.orElse(found.scenario());
    if (isOfServices(scenario)) {
      return asMeasured(services(found, scenario));
    }
    if (asked.isEmpty() && datastore.isEmpty()) {
      StorePlans plans = together(found);
      return asMeasured(withServices(plans, plans.plan().scenario(), found));
    }
    StoreSituation store = meant(found, asked, datastore);
    String ofStore = asked.orElse(store.scenario());
    StorePlans plan = StorePlans.of(store.datastore(), ofStore(found, store, ofStore));
    return asMeasured(withServices(plan, ofStore, found));
  }

  /// One plan for every datastore in trouble. One for which no plan can be made does not keep the
  /// others waiting, nor does one that shares a service with another: they are left, and named.
  private StorePlans together(Assessment found) {
    Map<String, Plan> plans = new LinkedHashMap<>();
    List<String> left = new ArrayList<>();
    List<ChrysalisException> refused = new ArrayList<>();
    for (StoreSituation store : found.stores().stream().filter(s -> !s.allWell()).toList()) {
      String name = store.datastore();
      try {
        Plan plan = ofStore(found, store, store.scenario());
        if (plans.values().stream().noneMatch(other -> StorePlans.disturb(other, plan))) {
          plans.put(name, plan);
        } else {
          left.add("%s comes after it, by a run of its own (%s).".formatted(name, plan.scenario()));
        }
      } catch (ChrysalisException e) {
        if (e.code().category() == Category.INTERRUPTED) {
          throw e;
        }
        left.add("%s is left to a person: %s.".formatted(name, e.getMessage()));
        refused.add(e);
      }
    }
    if (plans.isEmpty()) {
      throw refused.getFirst();
    }
    if (!left.isEmpty()) {
      left.add("The checklist at the end wants all of them well.");
    }
    return StorePlans.of(plans).leaving(left);
  }

  /// The datastore that is meant. One scenario may befall several: then it must be named, where
  /// nothing was found that says which.
  static StoreSituation meant(
      Assessment found, Optional<String> asked, Optional<String> datastore) {
    if (datastore.isPresent()) {
      return found.stores().stream()
          .filter(s -> s.datastore().equals(datastore.get()))
          .findFirst()
          .orElseThrow(() -> noSuchDatastore(found, datastore.get()));
    }
    List<StoreSituation> fitting =
        found.stores().stream()
            .filter(s -> asked.filter(s.scenario()::equals).isPresent())
            .toList();
    boolean clear = found.stores().size() == 1 || !fitting.isEmpty();
    if (asked.filter(ASKED_FOR::contains).isPresent() && !clear) {
      throw new ChrysalisException(
          RecoveryErrors.WHICH_DATASTORE,
          asked.get() + " may be meant of " + names(found),
          "say which: --datastore " + found.stores().getFirst().datastore());
    }
    return fitting.isEmpty() ? found.stores().getFirst() : fitting.getFirst();
  }

  private static ChrysalisException noSuchDatastore(Assessment found, String name) {
    return new ChrysalisException(
        RecoveryErrors.WHICH_DATASTORE,
        "the stack has no datastore " + name,
        "it has: " + names(found));
  }

  private static String names(Assessment found) {
    return String.join(", ", found.stores().stream().map(StoreSituation::datastore).toList());
  }

  /// The plan with the times that its steps took in runs so far, where any has shown them.
  private Plan asMeasured(Plan plan) {
    return new Plan(
        plan.scenario(),
        plan.stack(),
        plan.summary(),
        plan.expectedLoss(),
        plan.objective(),
        plan.steps().stream()
            .map(s -> s.expecting(measured.getOrDefault(s.action(), s.expected())))
            .toList());
  }

  private static boolean isOfServices(String scenario) {
    return scenario.equals(Scenarios.SERVICE_DOWN) || scenario.equals(Scenarios.ALL_DOWN);
  }

  /// The plan for services, after the datastores that are down as well.
  private Plan services(Assessment found, String scenario) {
    boolean fits =
        found.scenario().equals(scenario)
            && found.services().stream().anyMatch(ServiceSituation::troubled);
    if (!fits) {
      throw Refusals.doesNotFit(scenario, found.scenario());
    }
    Map<String, Plan> down = new LinkedHashMap<>();
    found.stores().stream()
        .filter(s -> !s.state().serves())
        .forEach(store -> down.put(store.datastore(), ofStore(found, store, store.scenario())));
    return down.isEmpty()
        ? new ServicePlans(stack, primaries(found)).services(scenario, found.services())
        : withServices(StorePlans.of(down), scenario, found);
  }

  private Plan ofStore(Assessment found, StoreSituation store, String scenario) {
    return planners.apply(store).plan(store, request(found, scenario));
  }

  private Plan withServices(StorePlans plans, String scenario, Assessment found) {
    return new ServicePlans(stack, primaries(found)).with(plans, scenario, found.services());
  }

  private static Map<String, MemberId> primaries(Assessment found) {
    Map<String, MemberId> primaries = new HashMap<>();
    for (StoreSituation store : found.stores()) {
      store.state().takesWrites().ifPresent(p -> primaries.put(store.datastore(), p));
    }
    return primaries;
  }

  static StoreRequest request(Assessment found, String scenario) {
    Map<String, Integer> before = new HashMap<>();
    found.services().forEach(s -> before.put(s.service(), s.view().before().count()));
    return new StoreRequest(scenario, before);
  }

  /// What can be refused before anything is looked at.
  ///
  /// @param goal whether a moment to go back to was named
  public static void refuseBadWords(Optional<String> asked, boolean goal) {
    asked.ifPresent(Planner::refuseUnknown);
    boolean corrupted = asked.filter(DATA_CORRUPTED::equals).isPresent();
    if (corrupted && !goal) {
      throw new ChrysalisException(
          RecoveryErrors.NO_TARGET,
          "data-corrupted needs the moment to go back to",
          "give --to: " + RestoreGoal.FORMS);
    }
    if (goal && !corrupted) {
      throw new ChrysalisException(
          RecoveryErrors.TARGET_DOES_NOT_FIT,
          "only data-corrupted goes back to a moment that is named, not "
              + asked.orElse("what is found"),
          "leave --to out, or say what to leave out of the database: chrysalis recover"
              + " data-corrupted --to …");
    }
  }

  /// Refuses a restore in place where nothing is restored over what is there.
  public static void refuseInPlace(Optional<String> asked, RestoreGround ground) {
    if (ground.inPlace() && asked.filter(ASKED_FOR::contains).isEmpty()) {
      throw new ChrysalisException(
          RecoveryErrors.IN_PLACE_DOES_NOT_FIT,
          "--in-place belongs to data-corrupted and store-lost, not to "
              + asked.orElse("what is found"),
          "leave --in-place out, or name one of the two");
    }
  }

  private static void refuseUnknown(String asked) {
    if (!SCENARIOS.contains(asked)) {
      throw new ChrysalisException(
          RecoveryErrors.NO_SUCH_SCENARIO,
          "there is no scenario '" + asked + "'",
          "the scenarios are: " + String.join(", ", SCENARIOS));
    }
  }
}
