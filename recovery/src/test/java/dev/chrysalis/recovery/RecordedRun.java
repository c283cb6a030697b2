package dev.chrysalis.recovery;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.JournalCodec;
import dev.chrysalis.engine.JournalEntry;
import dev.chrysalis.engine.JournalRecord;
import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.RunState;
import dev.chrysalis.engine.Runs;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepKind;
import dev.chrysalis.model.RecordStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A run's journal, written by hand: second by second.
public final class RecordedRun {
  public static final String RUN = "20261125t031500z-0a1b2c";
  public static final Instant BEGIN = Instant.parse("2026-11-25T03:15:00Z");
  public static final Holder ANA = new Holder("bastion-1", 42, "ana", "chrysalis recover");
  public static final Holder BEN = new Holder("bastion-2", 43, "ben", "chrysalis resume");

  private final List<JournalRecord> records = new ArrayList<>();
  private long token = 1;

  /// Sets aside, restores (these stand together), promotes with approval, verifies.
  public static Plan plan() {
    return new Plan(
        "store-lost",
        "butterfly",
        "Restore the newest moment.",
        "a few seconds of writes",
        Duration.ofHours(1),
        List.of(
            Step.named("evidence").title("Keep evidence").action("evidence.keep").build(),
            Step.named("aside-postgres-0")
                .title("Set the data of postgres-0 aside")
                .action("volume.aside")
                .after("evidence")
                .undoGroup("restore")
                .expected(Duration.ofSeconds(2))
                .build(),
            Step.named("restore-postgres-0")
                .title("Restore postgres-0")
                .action("postgres.restore")
                .after("aside-postgres-0")
                .undoGroup("restore")
                .expected(Duration.ofSeconds(3))
                .build(),
            Step.named("promote")
                .title("Promote postgres-0")
                .action("postgres.promote")
                .kind(StepKind.POINT_OF_NO_RETURN)
                .after("restore-postgres-0")
                .build(),
            Step.named("verify")
                .title("Go through the checklist")
                .action("checklist.verify")
                .after("promote")
                .build()));
  }

  public static RecordedRun started() {
    return new RecordedRun().at(0, new JournalEntry.RunStarted(plan(), ANA));
  }

  public RecordedRun at(long second, JournalEntry entry) {
    if (entry instanceof JournalEntry.ControllerAttached) {
      token++;
    }
    records.add(
        new JournalRecord(
            BEGIN.plusSeconds(second), token, "%016x".formatted(records.size() + 1), entry));
    return this;
  }

  public RecordedRun done(long from, long to, String step, Map<String, String> evidence) {
    return chosen(from, step)
        .at(to, new JournalEntry.StepActed(step))
        .at(to, new JournalEntry.StepDone(step, evidence, false));
  }

  public RecordedRun failed(long from, long to, String step, String why) {
    return chosen(from, step)
        .at(to, new JournalEntry.StepFailed(step, "CHR-5016", why, "make room"));
  }

  private RecordedRun chosen(long from, String step) {
    return at(from, new JournalEntry.StepChosen(step, Map.of("candidate", "postgres-0")))
        .at(from, new JournalEntry.StepIntent(step));
  }

  /// The restore fails for want of room, and all of it is given back.
  public static RecordedRun failedAndGivenBack() {
    return started()
        .done(1, 2, "evidence", Map.of("record", "evidence/" + RUN + "/evidence", "bytes", "812"))
        .done(2, 4, "aside-postgres-0", Map.of())
        .failed(4, 20, "restore-postgres-0", "no room: 3 of 9 GB | <full>")
        .at(21, new JournalEntry.StepUndoing("restore-postgres-0"))
        .at(22, new JournalEntry.StepUndone("restore-postgres-0", false))
        .at(22, new JournalEntry.StepUndoing("aside-postgres-0"))
        .at(23, new JournalEntry.StepUndone("aside-postgres-0", true))
        .at(
            24,
            new JournalEntry.RunEnded(
                JournalEntry.Ending.FAILED,
                "Restore postgres-0: no room. Given back: Set the data of postgres-0 aside"));
  }

  /// The same, taken over by Ben, who approves, answers, and brings it to its end.
  public static RecordedRun resumedAndRecovered() {
    RecordedRun run =
        failedAndGivenBack()
            .at(600, new JournalEntry.ControllerAttached(BEN))
            .at(600, new JournalEntry.StepRetried("aside-postgres-0"))
            .at(600, new JournalEntry.StepRetried("restore-postgres-0"))
            .redone(601, 603, "aside-postgres-0", Map.of())
            .redone(603, 644, "restore-postgres-0", Map.of("bytes", "9000"))
            .at(644, new JournalEntry.ApprovalAwaited("promote"))
            .at(1244, new JournalEntry.Approved(List.of("promote"), "ben@bastion-2"));
    return run.done(1244, 1246, "promote", Map.of("lost", "2 commits, 812 to 813"))
        .done(
            1246,
            1250,
            "verify",
            Map.of("members", "PASSED: 2 ready", "logs", "UNKNOWN: not checked"))
        .at(1251, new JournalEntry.RunEnded(JournalEntry.Ending.SUCCEEDED, "every step is done"));
  }

  private RecordedRun redone(long from, long to, String step, Map<String, String> evidence) {
    return at(from, new JournalEntry.StepIntent(step))
        .at(to, new JournalEntry.StepActed(step))
        .at(to, new JournalEntry.StepDone(step, evidence, false));
  }

  public List<JournalRecord> records() {
    return List.copyOf(records);
  }

  public RunState state() {
    return RunState.of(records);
  }

  public Runs.History history() {
    return new Runs.History(RUN, records, state());
  }

  /// Writes it where journals stand.
  public void keep(RecordStore store) {
    for (int i = 0; i < records.size(); i++) {
      String key = "runs/butterfly/%s/%08d".formatted(RUN, i + 1);
      boolean _ = store.create(key, JournalCodec.encode(records.get(i)));
    }
  }
}
