package dev.chrysalis.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.JournalEntry.StepChosen;
import dev.chrysalis.engine.JournalEntry.StepDone;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RandomPlansTest {
  @Test
  void noStepBeginsBeforeThoseThatItComesAfterAreDone() {
    for (int seed = 1000; seed < 1200; seed++) {
      Stage stage = new Stage();
      Plan plan = RandomPlans.next(new Random(seed));
      assertThat(stage.controller().start(plan))
          .as("seed " + seed)
          .isInstanceOf(RunOutcome.Succeeded.class);
      Set<String> done = new HashSet<>();
      for (JournalRecord one : stage.runs().load(Stage.STACK, stage.run()).records()) {
        if (one.entry() instanceof StepChosen begun) {
          assertThat(done)
              .as("seed " + seed)
              .containsAll(stage.state().step(begun.step()).step().after());
        } else if (one.entry() instanceof StepDone ended) {
          done.add(ended.step());
        }
      }
    }
  }
}
