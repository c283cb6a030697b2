package dev.chrysalis.recovery.checklist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Workload;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VerifyChecklistTest {
  private final FakePlatform platform =
      new FakePlatform(Clock.systemUTC()).with("perception", Workload.Kind.DEPLOYMENT, 2, 2, false);
  private final FakeService service = new FakeService();
  private final ChecklistStage stage = new ChecklistStage(platform, service.port());
  private final VerifyChecklist action = new VerifyChecklist(stage.checklist(""));

  @AfterEach
  void end() {
    stage.close();
    service.close();
  }

  @Test
  void waitsForABoxThatFailsAndNamesIt() {
    service.health(503);

    assertThat(action.probe(new Context(Map.of())))
        .isInstanceOfSatisfying(
            Probe.Waiting.class,
            w -> assertThat(w.waitingFor()).startsWith("Health endpoints return 200: perception"));
  }

  @Test
  void keepsTheEvidenceOfEveryBoxAlsoOfThoseThatCouldNotBeChecked() {
    Instant printed = Instant.now();
    platform.print(new MemberId("perception", 0), printed + " INFO ready");
    Context context = new Context(Map.of());

    assertThat(action.probe(new Context(action.choose(context))))
        .isInstanceOfSatisfying(
            Probe.Reached.class,
            reached ->
                assertThat(reached.evidence())
                    .hasSize(9)
                    .containsEntry("consumer-lag", "UNKNOWN: no Kafka in this stack")
                    .hasEntrySatisfying(
                        "metrics", text -> assertThat(text).startsWith("PASSED: perception-0:"))
                    .hasEntrySatisfying(
                        "error-spikes",
                        text ->
                            assertThat(text)
                                .startsWith("PASSED: no answers of 5xx by its members in "))
                    .hasEntrySatisfying(
                        "logs", text -> assertThat(text).contains("newest line " + printed)));
  }

  @Test
  void goesOnWithAJournalOfAVersionThatDidNotChooseAMoment() {
    assertThat(action.probe(new Context(Map.of()))).isInstanceOf(Probe.Reached.class);
  }

  /// Of a run that began this minute.
  private record Context(Map<String, String> choices) implements StepContext {
    @Override
    public String run() {
      return "20261123t021530z-7f3a9c";
    }

    @Override
    public Step step() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Token token() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int attempt() {
      return 1;
    }

    @Override
    public int lastUndoneAttempt() {
      return 0;
    }

    @Override
    public Map<String, String> choicesOf(String stepId) {
      return Map.of();
    }

    @Override
    public Map<String, String> evidenceOf(String stepId) {
      return Map.of();
    }

    @Override
    public Instant runStarted() {
      return Instant.now().minusSeconds(30);
    }

    @Override
    public void progress(String stage, long done, long total) {}

    @Override
    public void note(String text) {}

    @Override
    public Clock clock() {
      return Clock.systemUTC();
    }
  }
}
