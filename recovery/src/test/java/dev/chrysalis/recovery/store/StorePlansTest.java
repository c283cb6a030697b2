package dev.chrysalis.recovery.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.workloads.PlanFrame;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StorePlansTest {
  @Test
  void leavesThePlanOfOneDatastoreAsItIs() {
    Plan plan = plan("postgres");

    assertThat(StorePlans.of(Map.of("postgres", plan)).plan()).isEqualTo(plan);
  }

  @Test
  void namesTheStepsOfTheOthersAfterTheirDatastore() {
    StorePlans both = both();

    assertThat(both.plan().steps())
        .extracting(Step::id)
        .containsExactly(
            "confirm",
            "choose",
            "protect",
            "redis-confirm",
            "redis-choose",
            "redis-protect",
            "verify");
    assertThat(step(both, "redis-protect").after()).containsExactly("redis-choose");
    assertThat(step(both, "redis-protect").parameters())
        .containsEntry("master-from", "redis-choose")
        .containsEntry("member", "choose");
    assertThat(both.protects())
        .containsEntry("postgres", "protect")
        .containsEntry("redis", "redis-protect");
  }

  @Test
  void goesThroughTheChecklistOnceAfterAllOfThem() {
    assertThat(step(both(), PlanFrame.VERIFY).after()).contains("protect", "redis-protect");
  }

  @Test
  void tellsWhatEachWouldLoseAndTakesTheLongerObjective() {
    assertThat(both().plan().expectedLoss()).isEqualTo("what postgres loses; what redis loses");
    assertThat(both().plan().objective()).isEqualTo(Duration.ofHours(1));
  }

  private static StorePlans both() {
    Map<String, Plan> plans = new LinkedHashMap<>();
    plans.put("postgres", plan("postgres"));
    plans.put("redis", plan("redis"));
    return StorePlans.of(plans);
  }

  private static Step step(StorePlans plans, String id) {
    return plans.plan().steps().stream().filter(s -> s.id().equals(id)).findFirst().orElseThrow();
  }

  private static Plan plan(String store) {
    List<Step> steps =
        List.of(
            Step.named("confirm").action("look").build(),
            Step.named("choose").action("choose").after("confirm").build(),
            Step.named("protect")
                .action("protect")
                .with("master-from", "choose")
                .with("member", "choose")
                .after("choose")
                .build(),
            Step.named("verify").action("verify").after("protect").build());
    return new Plan(
        store + "-down",
        "butterfly",
        "Bring " + store + " back.",
        "what " + store + " loses",
        Duration.ofHours(1),
        steps);
  }
}
