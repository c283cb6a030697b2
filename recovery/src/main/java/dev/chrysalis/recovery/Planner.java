package dev.chrysalis.recovery;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.DumpPolicy;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.archive.Dump;
import dev.chrysalis.postgres.control.MemberView;
import dev.chrysalis.postgres.control.PostgresPlans;
import dev.chrysalis.postgres.control.RestoreGround;
import dev.chrysalis.postgres.control.Situation;
import dev.chrysalis.recovery.Assessment.StoreSituation;
import dev.chrysalis.recovery.services.ServicePlans;
import dev.chrysalis.recovery.services.ServiceSituation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Turns an assessment into a plan: for the scenario that was found, or for one that a person asks
/// for and that fits what was found. Pure.
public final class Planner {
  /// The scenario that no assessment finds: values are wrong, and everything runs.
  public static final String DATA_CORRUPTED = "data-corrupted";

  private static final String STORE_LOST = "store-lost";

  /// The scenarios for which a plan can be asked.
  public static final List<String> SCENARIOS =
      List.of(
          "primary-down",
          "primary-lost",
          "replica-down",
          "replica-lost",
          "replication-broken",
          STORE_LOST,
          DATA_CORRUPTED,
          Scenarios.SERVICE_DOWN,
          Scenarios.ALL_DOWN);

  /// What is done because a person says so, whatever is found.
  private static final Set<String> ASKED_FOR = Set.of(STORE_LOST, DATA_CORRUPTED);

  private final Stack stack;
  private final PostgresPlans.Forecast forecast;

  public Planner(Stack stack, PostgresPlans.Forecast forecast) {
    this.stack = stack;
    this.forecast = forecast;
  }

  /// The plan for the deepest trouble that was found, or for `asked`.
  ///
  /// @param target the moment to go back to; belongs to `data-corrupted`
  public Plan plan(
      Assessment found, Optional<String> asked, Optional<PostgresPlans.Target> target) {
    return plan(found, asked, target, RestoreGround.FRESH);
  }

  /// The same, restored upon that ground.
  public Plan plan(
      Assessment found,
      Optional<String> asked,
      Optional<PostgresPlans.Target> target,
      RestoreGround ground) {
    refuseBadWords(asked, target.isPresent());
    refuseInPlace(asked, ground);
    if (found.allWell() && asked.filter(ASKED_FOR::contains).isEmpty()) {
      throw new ChrysalisException(
          RecoveryErrors.NOTHING_TO_RECOVER,
          "nothing of " + stack.name() + " needs recovery",
          "see what was looked at: chrysalis assess");
    }
    String scenario = asked.orElse(found.scenario());
    return asMeasured(
        isOfServices(scenario)
            ? services(found, scenario)
            : withServices(stores(found, asked, target, ground), scenario, found));
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
            .map(s -> s.expecting(forecast.measured().getOrDefault(s.action(), s.expected())))
            .toList());
  }

  private Plan stores(
      Assessment found,
      Optional<String> asked,
      Optional<PostgresPlans.Target> target,
      RestoreGround ground) {
    StoreSituation store = found.stores().getFirst();
    PostgresPlans plans = plans(found, store);
    String scenario = asked.orElse(store.situation().scenario());
    List<MemberId> members = store.members().stream().map(MemberView::id).toList();
    if (target.isPresent()) {
      return plans.dataCorrupted(members, primary(store.situation()), target.get(), ground);
    }
    return scenario.equals(STORE_LOST)
        ? plans.storeLost(members, ground)
        : fitting(plans, scenario, store);
  }

  private static boolean isOfServices(String scenario) {
    return scenario.equals(Scenarios.SERVICE_DOWN) || scenario.equals(Scenarios.ALL_DOWN);
  }

  /// The plan for services, after the datastore where that is down as well.
  private Plan services(Assessment found, String scenario) {
    boolean fits =
        found.scenario().equals(scenario)
            && found.services().stream().anyMatch(ServiceSituation::troubled);
    if (!fits) {
      throw doesNotFit(scenario, found.scenario());
    }
    Optional<StoreSituation> down =
        found.stores().stream().filter(s -> !Scenarios.serves(s.situation())).findFirst();
    if (down.isEmpty()) {
      return new ServicePlans(stack, primaries(found)).services(scenario, found.services());
    }
    PostgresPlans plans = plans(found, down.get());
    Plan plan = fitting(plans, down.get().situation().scenario(), down.get());
    return withServices(plan, scenario, found);
  }

  private Plan withServices(Plan plan, String scenario, Assessment found) {
    return new ServicePlans(stack, primaries(found))
        .with(plan, scenario, found.stores().getFirst().datastore(), found.services());
  }

  private static Map<String, MemberId> primaries(Assessment found) {
    Map<String, MemberId> primaries = new HashMap<>();
    for (StoreSituation store : found.stores()) {
      takesWrites(store.situation()).ifPresent(p -> primaries.put(store.datastore(), p));
    }
    return primaries;
  }

  /// The plan that brings a lost store back from a dump.
  ///
  /// @param asked `store-lost`, or empty where that was found
  public Plan planWithDump(Assessment found, Optional<String> asked, DumpPolicy policy, Dump dump) {
    StoreSituation store = found.stores().getFirst();
    String scenario = asked.orElse(store.situation().scenario());
    if (!scenario.equals(STORE_LOST)) {
      throw new ChrysalisException(
          RecoveryErrors.DUMP_DOES_NOT_FIT,
          "a dump replaces the whole database, which does not fit " + scenario,
          "say so: chrysalis recover store-lost --dump " + dump.date());
    }
    List<MemberId> members = store.members().stream().map(MemberView::id).toList();
    return plans(found, store).storeLostWithDump(members, policy, dump);
  }

  private PostgresPlans plans(Assessment found, StoreSituation store) {
    Map<String, Integer> before = new HashMap<>();
    found.services().forEach(s -> before.put(s.service(), s.view().before().count()));
    return new PostgresPlans(stack, datastore(store), store.situation(), forecast, before);
  }

  private Datastore datastore(StoreSituation store) {
    Datastore datastore = stack.datastores().get(store.datastore());
    if (datastore == null) {
      throw new IllegalArgumentException("no datastore " + store.datastore());
    }
    return datastore;
  }

  /// What can be refused before anything is looked at.
  ///
  /// @param goal whether a moment to go back to was named
  public static void refuseBadWords(Optional<String> asked, boolean goal) {
    asked.filter(s -> !SCENARIOS.contains(s)).ifPresent(Planner::refuseUnknown);
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

  /// Who takes writes and can be asked how far they went; refused where that is not clear.
  private static Optional<MemberId> primary(Situation situation) {
    if (situation instanceof Situation.SplitBrain s) {
      throw splitBrain(s.primaries());
    }
    if (situation instanceof Situation.Unclear s) {
      throw needsAPerson("too little is known to act on: " + s.why());
    }
    return takesWrites(situation);
  }

  /// The one member that is known to take writes.
  private static Optional<MemberId> takesWrites(Situation situation) {
    return switch (situation) {
      case Situation.AllWell s -> Optional.of(s.primary());
      case Situation.ReplicaDown s -> Optional.of(s.primary());
      case Situation.ReplicaLost s -> Optional.of(s.primary());
      case Situation.ReplicationBroken s -> Optional.of(s.primary());
      case Situation.PrimaryDown _,
          Situation.PrimaryLost _,
          Situation.StoreLost _,
          Situation.SplitBrain _,
          Situation.Unclear _ ->
          Optional.empty();
    };
  }

  private static Plan fitting(PostgresPlans plans, String scenario, StoreSituation store) {
    Situation situation = store.situation();
    return switch (situation) {
      case Situation.PrimaryDown s when scenario.equals("primary-lost") ->
          plans.primaryLost(List.of(s.primary()));
      case Situation.PrimaryDown s when scenario.equals("primary-down") ->
          plans.primaryDown(s.primary(), standbysDown(store));
      case Situation.PrimaryLost s when scenario.equals("primary-lost") ->
          plans.primaryLost(s.lost());
      case Situation.ReplicaDown s when scenario.equals("replica-down") ->
          plans.replicasDown(s.primary(), s.replicas());
      case Situation.ReplicaDown s when scenario.equals("replica-lost") ->
          plans.replicasLost(scenario, s.primary(), s.replicas(), List.of());
      case Situation.ReplicaLost s when scenario.equals("replica-lost") ->
          plans.replicasLost(scenario, s.primary(), s.replicas(), s.formerPrimaries());
      case Situation.ReplicationBroken s when isRebuild(scenario) ->
          plans.replicasLost(scenario, s.primary(), s.replicas(), List.of());
      case Situation.SplitBrain s -> throw splitBrain(s.primaries());
      case Situation.Unclear s -> throw needsAPerson("too little is known to act on: " + s.why());
      case Situation.AllWell _,
          Situation.PrimaryDown _,
          Situation.PrimaryLost _,
          Situation.ReplicaDown _,
          Situation.ReplicaLost _,
          Situation.ReplicationBroken _,
          Situation.StoreLost _ ->
          throw doesNotFit(scenario, situation.scenario());
    };
  }

  private static List<MemberId> standbysDown(StoreSituation store) {
    return store.members().stream()
        .filter(v -> v.condition() == MemberView.Condition.DOWN_INTACT && v.standbyData())
        .map(MemberView::id)
        .toList();
  }

  private static boolean isRebuild(String scenario) {
    return scenario.equals("replication-broken") || scenario.equals("replica-lost");
  }

  private static void refuseUnknown(String asked) {
    throw new ChrysalisException(
        RecoveryErrors.NO_SUCH_SCENARIO,
        "there is no scenario '" + asked + "'",
        "the scenarios are: " + String.join(", ", SCENARIOS));
  }

  private static ChrysalisException splitBrain(List<MemberId> primaries) {
    return needsAPerson("more than one member takes writes: " + primaries);
  }

  private static ChrysalisException needsAPerson(String what) {
    return new ChrysalisException(
        RecoveryErrors.NEEDS_A_PERSON,
        what,
        "no plan is made without a person's word; look at chrysalis assess -o json");
  }

  private static ChrysalisException doesNotFit(String asked, String found) {
    return new ChrysalisException(
        RecoveryErrors.SCENARIO_DOES_NOT_FIT,
        "the scenario " + asked + " does not fit what was found: " + found,
        "let it be found: chrysalis recover");
  }
}
