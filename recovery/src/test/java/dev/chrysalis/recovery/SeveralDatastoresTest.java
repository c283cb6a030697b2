package dev.chrysalis.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.Finding;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.model.stack.StackFile;
import dev.chrysalis.recovery.store.StoreSituation;
import dev.chrysalis.recovery.store.StoreState;
import dev.chrysalis.workloads.StopService;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is planned where more than one datastore is in trouble.
class SeveralDatastoresTest {
  private static final Optional<String> NOTHING_SAID = Optional.empty();
  private static final Stack STACK =
      StackFile.parse(
          "stack.yaml",
          """
          version: 1
          stack: butterfly
          platform: {kind: process, directory: /srv/platform}
          vault: {location: /srv/vault, passphraseFile: /srv/passphrase}
          services: {}
          datastores:
            postgres: {kind: postgresql}
            redis: {kind: redis}
          """);

  @Test
  void bringsThemBackByOnePlanTheDeepestFirst() {
    Plan plan = plan(found("postgres=primary-down", "redis=replica-down"), Map.of());

    assertThat(plan.scenario()).isEqualTo("primary-down");
    assertThat(ids(plan))
        .containsExactly("confirm", "stop", "redis-confirm", "redis-stop", "verify");
    assertThat(plan.summary()).isEqualTo("Mend postgres. Mend redis.");
  }

  @Test
  void leavesTheWellOnesAlone() {
    Plan plan = plan(found("redis=replica-down", "postgres=all-well"), Map.of());

    assertThat(ids(plan)).containsExactly("confirm", "stop", "verify");
  }

  @Test
  void leavesOneToAPersonAndSaysSo() {
    Plan plan = plan(found("redis=split-brain", "postgres=primary-down"), Map.of());

    assertThat(plan.scenario()).isEqualTo("primary-down");
    assertThat(plan.summary())
        .isEqualTo(
            "Mend postgres. redis is left to a person: no plan mends this: split-brain of redis."
                + " The checklist at the end wants all of them well.");
  }

  @Test
  void leavesOneForWhichNoPlanCanBeMadeWhateverTheReason() {
    Plan plan = plan(found("redis=store-lost", "postgres=primary-down"), Map.of());

    assertThat(plan.summary())
        .isEqualTo(
            "Mend postgres. redis is left to a person: the vault holds nothing of redis."
                + " The checklist at the end wants all of them well.");
  }

  @Test
  void refusesWhereAllNeedAPerson() {
    Assessment found = found("redis=split-brain", "postgres=split-brain");

    assertThatThrownBy(() -> plan(found, Map.of()))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(RecoveryErrors.NEEDS_A_PERSON))
        .hasMessageContaining("split-brain of redis");
  }

  @Test
  void bringsThemBackOneAfterTheOtherWhereBothStopAService() {
    Map<String, String> both = Map.of("postgres", "odyssey", "redis", "odyssey");
    Plan plan = plan(found("postgres=primary-down", "redis=master-lost"), both);

    assertThat(ids(plan)).containsExactly("confirm", "stop", "verify");
    assertThat(plan.summary())
        .isEqualTo(
            "Mend postgres. redis comes after it, by a run of its own (master-lost)."
                + " The checklist at the end wants all of them well.");
  }

  @Test
  void bringsBackOnlyTheOneThatIsNamed() {
    Assessment found = found("postgres=primary-down", "redis=replica-down");
    Plan plan = planner(Map.of()).plan(found, NOTHING_SAID, Optional.of("redis"));

    assertThat(plan.scenario()).isEqualTo("replica-down");
    assertThat(plan.summary()).isEqualTo("Mend redis.");
  }

  private static Plan plan(Assessment found, Map<String, String> stopped) {
    return planner(stopped).plan(found, NOTHING_SAID, Optional.empty());
  }

  /// @param stopped by datastore, the service that its plan stops; one of its own where none is
  ///   said
  private static Planner planner(Map<String, String> stopped) {
    return new Planner(
        STACK,
        Map.of(),
        store ->
            (found, request) -> {
              String name = found.datastore();
              if (request.scenario().equals("split-brain")) {
                throw Refusals.byAPerson(found.state().summary());
              }
              if (request.scenario().equals("store-lost")) {
                throw new ChrysalisException(
                    RecoveryErrors.DUMP_DOES_NOT_FIT, "the vault holds nothing of " + name, "see");
              }
              List<Step> steps =
                  List.of(
                      Step.named("confirm").action("look").build(),
                      Step.named("stop")
                          .action(StopService.NAME)
                          .with("workload", stopped.getOrDefault(name, "client-of-" + name))
                          .after("confirm")
                          .build(),
                      Step.named("verify").action("verify").after("stop").build());
              return new Plan(
                  request.scenario(),
                  "butterfly",
                  "Mend " + name + ".",
                  "nothing",
                  Duration.ofHours(1),
                  steps);
            });
  }

  /// @param stores `name=scenario` of each, the deepest trouble first
  private static Assessment found(String... stores) {
    List<StoreSituation> situations =
        Arrays.stream(stores)
            .map(s -> s.split("=", 2))
            .map(s -> new StoreSituation(s[0], new Found(s[0], s[1])))
            .toList();
    return new Assessment(
        Instant.EPOCH, Scenarios.of(situations, List.of()), List.of(), situations, List.of());
  }

  private record Found(String store, String scenario) implements StoreState {
    @Override
    public boolean serves() {
      return scenario.equals(ALL_WELL);
    }

    @Override
    public boolean standsStill() {
      return false;
    }

    @Override
    public Optional<MemberId> takesWrites() {
      return Optional.empty();
    }

    @Override
    public List<MemberId> members() {
      return List.of(new MemberId(store, 0));
    }

    @Override
    public List<Finding> findings(String datastore) {
      return List.of();
    }

    @Override
    public String summary() {
      return scenario + " of " + store;
    }
  }

  private static List<String> ids(Plan plan) {
    return plan.steps().stream().map(Step::id).toList();
  }
}
