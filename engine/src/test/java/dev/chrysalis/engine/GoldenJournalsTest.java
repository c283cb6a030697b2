package dev.chrysalis.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.Transitions.Transition;
import dev.chrysalis.model.Token;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What earlier versions wrote is understood, and gone on with, by this one.
final class GoldenJournalsTest {
  private static final String RUN = "20261123t021530z-7f3a9c";

  @TestFactory
  Stream<DynamicTest> meanWhatTheyMeant() {
    return GoldenJournals.all().stream()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(),
                () ->
                    assertThat(RunState.of(records(file)).status())
                        .isEqualTo(GoldenJournals.status(file))));
  }

  @TestFactory
  Stream<DynamicTest> canBeGoneOnWithAfterEachOfTheirRecords() {
    return GoldenJournals.all().stream()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(),
                () -> {
                  List<String> lines = GoldenJournals.lines(file);
                  for (int count = 1; count <= lines.size(); count++) {
                    goesOn(new Stage(), lines.subList(0, count));
                  }
                }));
  }

  @Test
  void holdEveryTransitionOfTheTables() {
    Set<Transition> visited = new HashSet<>();
    GoldenJournals.all().forEach(file -> RunState.of(records(file), new Transitions(visited::add)));
    assertThat(visited).containsAll(Transitions.RUN);
    assertThat(visited).containsAll(Transitions.STEP);
  }

  private static void goesOn(Stage stage, List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      byte[] line = (lines.get(i) + "\n").getBytes(StandardCharsets.UTF_8);
      assertThat(stage.records().create(RecordKeys.entry(Stage.STACK, RUN, i + 1), line)).isTrue();
    }
    if (stage.state().isOver()) {
      return;
    }
    spendTokens(stage);
    putActsIntoTheWorld(stage);
    if (stage.state().status() == RunStatus.ABORTING) {
      assertThat(stage.controller().resume()).isInstanceOf(RunOutcome.Aborted.class);
      return;
    }
    if (stage.state().steps().stream().anyMatch(StepProgress::lacksApproval)) {
      stage.decisions().approve(Stage.STACK, RUN, List.of(), "ana@bastion-1");
    }
    assertThat(stage.controller().resume()).isInstanceOf(RunOutcome.Succeeded.class);
  }

  private static void putActsIntoTheWorld(Stage stage) {
    for (StepProgress progress : stage.state().steps()) {
      if (progress.state() == StepState.ACTED || progress.failedIn() == StepState.ACTED) {
        stage
            .world()
            .set(progress.step().id(), progress.choices().getOrDefault("value", "nothing"));
      }
    }
  }

  /// The leases under which the journal was written.
  private static void spendTokens(Stage stage) {
    Leases leases = new Leases(stage.records(), Surroundings.system());
    Token last = new Token(1);
    while (last.value() < 10) {
      try (Lease lease = leases.acquire(Stage.STACK, Stage.holder(), Duration.ZERO)) {
        last = lease.token();
      }
    }
  }

  private static List<JournalRecord> records(Path file) {
    return GoldenJournals.lines(file).stream()
        .map(line -> JournalCodec.decode(file.toString(), line.getBytes(StandardCharsets.UTF_8)))
        .toList();
  }
}
