package dev.chrysalis.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.engine.JournalEntry.Ending;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JournalCodecTest {
  private static final Instant AT = Instant.parse("2026-11-23T02:15:30.123456Z");

  @Test
  void everyEntryComesBackAsItWas() {
    List<JournalEntry> all =
        List.of(
            new JournalEntry.RunStarted(
                Stage.plan(Stage.step("a").with("k", "v").undoGroup("g"), Stage.step("b")),
                Stage.holder()),
            new JournalEntry.ControllerAttached(Stage.holder()),
            new JournalEntry.RunPaused(List.of("a"), List.of("b")),
            new JournalEntry.RunEnded(Ending.FAILED, "why"),
            new JournalEntry.Noted("a", "text"),
            new JournalEntry.Approved(List.of("a", "b"), "ana@x"),
            new JournalEntry.Answered("a", true, "ana@x"),
            new JournalEntry.AbortRequested("ana@x"),
            new JournalEntry.ApprovalAwaited("a"),
            new JournalEntry.StepChosen("a", Map.of("replica", "postgres-1", "lsn", "0/16B3748")),
            new JournalEntry.StepIntent("a"),
            new JournalEntry.StepActed("a"),
            new JournalEntry.StepDone("a", Map.of("e", "f"), true),
            new JournalEntry.StepFailed("a", "CHR-2004", "m", "h"),
            new JournalEntry.OutcomeUnknown("a", "why"),
            new JournalEntry.StepRetried("a"),
            new JournalEntry.StepUndoing("a"),
            new JournalEntry.StepUndone("a", true),
            new JournalEntry.UndoFailed("a", "CHR-2012", "m", "h"));
    for (JournalEntry entry : all) {
      JournalRecord written = new JournalRecord(AT, 7, "0123456789abcdef", entry);
      byte[] line = JournalCodec.encode(written);
      assertThat(JournalCodec.decode("k", line)).isEqualTo(written);
      assertThat(new String(line, StandardCharsets.UTF_8)).endsWith("}\n").hasLineCount(1);
    }
  }

  @Test
  void passesUnknownFieldsOver() {
    assertThat(
            decode(
                    """
                    {"v":1,"at":"2026-11-23T02:15:30Z","token":1,"nonce":"n","new":[1],
                     "entry":{"type":"step-intent","step":"a","newer":{"x":2}}}
                    """)
                .entry())
        .isEqualTo(new JournalEntry.StepIntent("a"));
  }

  @Test
  void refusesWhatALaterVersionWrote() {
    assertRefused(
        """
        {"v":1,"at":"2026-11-23T02:15:30Z","token":1,"nonce":"n","entry":{"type":"step-bent"}}
        """,
        EngineErrors.JOURNAL_TOO_NEW,
        "step-bent");
    assertRefused("{\"v\":2}", EngineErrors.JOURNAL_TOO_NEW, "version 2");
  }

  @Test
  void refusesWhatIsDamaged() {
    assertRefused("{\"v\":1,\"at\":", EngineErrors.JOURNAL_DAMAGED, "runs/x");
    assertRefused("{\"v\":1}", EngineErrors.JOURNAL_DAMAGED, "runs/x");
    assertRefused("", EngineErrors.JOURNAL_DAMAGED, "runs/x");
    assertRefused(
        """
        {"v":1,"at":"2026-11-23T02:15:30Z","token":1,"nonce":"n","entry":{"type":"step-chosen"}}
        """,
        EngineErrors.JOURNAL_DAMAGED,
        "runs/x");
  }

  private static JournalRecord decode(String text) {
    return JournalCodec.decode("runs/x", text.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertRefused(String text, ErrorCode code, String naming) {
    assertThatThrownBy(() -> decode(text))
        .hasMessageContaining(naming)
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
