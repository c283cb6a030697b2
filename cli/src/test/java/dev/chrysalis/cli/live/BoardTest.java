package dev.chrysalis.cli.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.JournalEntry;
import dev.chrysalis.engine.JournalRecord;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.RunState;
import dev.chrysalis.engine.Step;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BoardTest {
  private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");
  private static final Style PLAIN = new Style(false, true);

  private final List<JournalRecord> journal = new ArrayList<>();
  private final Map<String, Flow> flows = new HashMap<>();
  private final Map<String, String> waits = new HashMap<>();

  @Test
  void showsTheClockAgainstTheObjectiveAndTheTimeThatIsLeft() {
    started(10);

    assertThat(lines(36, 40).getFirst())
        .contains("primary-lost of butterfly: running", "36 s of 2 min", "██████░░░░", "left");
  }

  @Test
  void showsWhatWasDoneWhatIsDoneAndWhatComes() {
    started(3);
    done("step-1", 1, 3);
    began("step-2", 3);
    waits.put("step-2", "perception ready (1 of 2)");

    assertThat(lines(8, 40))
        .hasSize(4)
        .satisfies(l -> assertThat(l.get(1)).contains("✓ Do 1", "2.0 s"))
        .satisfies(l ->
            assertThat(l.get(2)).contains("▶ Do 2", "5.0 s  waits for perception ready (1 of 2)"))
        .satisfies(l -> assertThat(l.get(3)).contains("Do 3", "about 10 s").doesNotContain("▶"));
  }

  @Test
  void tellsSpeedAndTimeLeftOfAStepThatMovesBytes() {
    started(3);
    began("step-1", 0);
    Flow begun = Flow.begun("restoring files", 0, 1_000_000_000, START);
    flows.put("step-1", begun.next("restoring files", 400_000_000, 1_000_000_000, START));

    assertThat(lines(4, 40).get(1)).contains("restoring files 40 % of 1000 MB, 100 MB/s, 6 s left");
    assertThat(lines(4, 40).getFirst())
        .as("6 s, then two steps of 10 s")
        .contains("about 26 s left");
  }

  @Test
  void aNewStageDoesNotInheritTheSpeedOfTheOneBefore() {
    Flow copied = Flow.begun("copying", 0, 100, START).next("copying", 100, 100, START);
    Flow synced = copied.next("syncing", 0, 50, START.plusSeconds(5));

    assertThat(synced.speed(START.plusSeconds(5))).isZero();
    assertThat(synced.left(START.plusSeconds(9))).isEmpty();
  }

  @Test
  void countsWhatIsDoneAndWhatComesWhereTheScreenIsLowAndAlwaysShowsWhatIsUnderWay() {
    started(20);
    for (int i = 1; i <= 9; i++) {
      done("step-" + i, i, i + 1);
    }
    began("step-10", 10);

    for (int height = 4; height <= 21; height++) {
      List<String> lines = lines(12, height);
      assertThat(lines.size()).as("height " + height).isLessThanOrEqualTo(height);
      assertThat(lines).as("height " + height).anyMatch(l -> l.contains("▶ Do 10"));
    }
    assertThat(lines(12, 21)).noneMatch(l -> l.contains("steps done"));
    assertThat(lines(12, 8))
        .anyMatch(l -> l.contains("9 steps done"))
        .anyMatch(l -> l.contains("6 steps to come"));
  }

  @Test
  void keepsWhatWasLostInSight() {
    started(2);
    began("step-1", 0);
    add(2, new JournalEntry.StepDone("step-1", Map.of("lost", "3 commits"), true));

    assertThat(lines(5, 40).get(1)).contains("✓ Do 1", "2.0 s  lost: 3 commits");
  }

  @Test
  void saysWhyAStepFailed() {
    started(2);
    began("step-1", 0);
    add(3, new JournalEntry.StepIntent("step-1"));
    add(4, new JournalEntry.StepFailed("step-1", "CHR-2004", "it took longer than 1 min", "look"));

    assertThat(lines(5, 40).get(1)).contains("✗ Do 1", "CHR-2004: it took longer than 1 min");
  }

  @Test
  void keepsToAsciiWithoutColoursWhereTheTerminalAsksForIt() {
    Style modest = Style.of(Map.of("NO_COLOR", "1"), StandardCharsets.US_ASCII);
    started(2);
    done("step-1", 0, 1);

    String text = String.join("\n", new Board(state(), flows, waits, START).lines(40, modest));

    assertThat(text).contains(" + Do 1").matches("[\\x20-\\x7e\\n]*");
    assertThat(Style.of(Map.of(), StandardCharsets.UTF_8)).isEqualTo(new Style(true, true));
  }

  private void started(int steps) {
    List<Step> all = new ArrayList<>();
    for (int i = 1; i <= steps; i++) {
      all.add(
          Step.named("step-" + i)
              .title("Do " + i)
              .action("test.do")
              .after(i == 1 ? List.of() : List.of("step-" + (i - 1)))
              .expected(Duration.ofSeconds(10))
              .deadline(Duration.ofMinutes(1))
              .build());
    }
    Plan plan =
        new Plan("primary-lost", "butterfly", "Do it.", "nothing", Duration.ofMinutes(2), all);
    add(0, new JournalEntry.RunStarted(plan, Holder.thisProcess("test")));
  }

  private void began(String step, int second) {
    add(second, new JournalEntry.StepChosen(step, Map.of()));
  }

  private void done(String step, int from, int to) {
    began(step, from);
    add(to, new JournalEntry.StepDone(step, Map.of(), true));
  }

  private void add(int second, JournalEntry entry) {
    journal.add(new JournalRecord(START.plusSeconds(second), 1, "n" + journal.size(), entry));
  }

  private RunState state() {
    return RunState.of(journal);
  }

  private List<String> lines(int second, int height) {
    return new Board(state(), flows, waits, START.plusSeconds(second)).lines(height, PLAIN);
  }
}
