package dev.chrysalis.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.engine.Transitions.Transition;
import dev.chrysalis.model.ChrysalisException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class TransitionsTest {
  @TestFactory
  Stream<DynamicTest> theScenariosMakeEveryTransitionOfTheTables() {
    Set<Transition> visited = ConcurrentHashMap.newKeySet();
    List<DynamicTest> tests = new ArrayList<>();
    Scenarios.all()
        .forEach((name, scenario) ->
            tests.add(
                DynamicTest.dynamicTest(
                    name,
                    () -> {
                      Stage stage = new Stage(visited::add);
                      scenario.accept(stage);
                      GoldenJournals.recordIfAsked(name, stage);
                    })));
    tests.add(
        DynamicTest.dynamicTest(
            "every transition was made",
            () -> {
              assertThat(visited).containsAll(Transitions.RUN);
              assertThat(visited).containsAll(Transitions.STEP);
            }));
    return tests.stream();
  }

  @Test
  void anEntryThatTheTablesDoNotAllowMeansDamage() {
    JournalRecord started =
        new JournalRecord(
            Instant.EPOCH,
            1,
            "n",
            new JournalEntry.RunStarted(Stage.plan(Stage.step("a")), Stage.holder()));
    for (JournalEntry wrong :
        List.of(
            new JournalEntry.StepActed("a"),
            new JournalEntry.StepIntent("a"),
            new JournalEntry.StepIntent("nobody"),
            new JournalEntry.StepUndone("a", true),
            started.entry())) {
      assertDamaged(started, new JournalRecord(Instant.EPOCH, 1, "n", wrong));
    }
  }

  @Test
  void anEntryUnderAForeignTokenMeansDamage() {
    JournalRecord started =
        new JournalRecord(
            Instant.EPOCH,
            5,
            "n",
            new JournalEntry.RunStarted(Stage.plan(Stage.step("a")), Stage.holder()));
    assertDamaged(
        started, new JournalRecord(Instant.EPOCH, 4, "n", new JournalEntry.ApprovalAwaited("a")));
    assertDamaged(
        started,
        new JournalRecord(
            Instant.EPOCH, 5, "n", new JournalEntry.ControllerAttached(Stage.holder())));
  }

  private static void assertDamaged(JournalRecord... records) {
    assertThatThrownBy(() -> RunState.of(List.of(records)))
        .isInstanceOfSatisfying(
            ChrysalisException.class,
            e -> assertThat(e.code()).isEqualTo(EngineErrors.JOURNAL_DAMAGED));
  }
}
