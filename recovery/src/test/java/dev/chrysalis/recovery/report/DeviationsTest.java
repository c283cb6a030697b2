package dev.chrysalis.recovery.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.engine.JournalEntry;
import dev.chrysalis.recovery.RecordedRun;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeviationsTest {
  @Test
  void proposesAChangeForEachWayInWhichTheRunDiffered() {
    List<Deviation> found = Deviations.of(RecordedRun.resumedAndRecovered().records());

    assertThat(found)
        .extracting(Deviation::what)
        .containsExactly(
            "Restore postgres-0 failed: CHR-5016: no room: 3 of 9 GB | <full>",
            "Nobody drove the run for 9 min 36 s, until ben@bastion-2 took it over.",
            "The run waited 10 min for the approval of: Promote postgres-0.",
            "Set the data of postgres-0 aside was done 2 times.",
            "Restore postgres-0 took 41 s, expected were 3 s.");
    assertThat(found.getLast().change())
        .isEqualTo(
            "Raise the expectation of restore-postgres-0 from 3 s to 41 s: it took that long in"
                + " this run.");
    assertThat(found.getFirst().change()).endsWith("make room.");
  }

  @Test
  void findsNothingInARunThatWentAsPlanned() {
    RecordedRun run =
        RecordedRun.started()
            .done(1, 2, "evidence", Map.of())
            .done(2, 8, "aside-postgres-0", Map.of());

    // Six seconds where two were expected: more than twice, but not by much.
    assertThat(Deviations.of(run.records())).isEmpty();
  }

  @Test
  void timeInWhichNobodyDroveTheRunIsNoTimeOfTheStep() {
    RecordedRun run =
        RecordedRun.started()
            .at(1, new JournalEntry.StepChosen("evidence", Map.of()))
            .at(1, new JournalEntry.StepIntent("evidence"))
            .at(900, new JournalEntry.ControllerAttached(RecordedRun.BEN))
            .at(902, new JournalEntry.StepActed("evidence"))
            .at(903, new JournalEntry.StepDone("evidence", Map.of(), false));

    assertThat(Deviations.of(run.records()))
        .extracting(Deviation::what)
        .containsExactly(
            "No record was written for 14 min 59 s, until ben@bastion-2 took the run over; when"
                + " its controller before ended is not known.");
  }

  @Test
  void nobodyDroveARunThatHadPaused() {
    RecordedRun run =
        RecordedRun.started()
            .done(1, 2, "evidence", Map.of())
            .at(2, new JournalEntry.RunPaused(List.of("promote"), List.of()))
            .at(900, new JournalEntry.ControllerAttached(RecordedRun.BEN));

    assertThat(Deviations.of(run.records()))
        .extracting(Deviation::what)
        .containsExactly("Nobody drove the run for 14 min 58 s, until ben@bastion-2 took it over.");
  }

  @Test
  void tellsWhatAPersonHadToSayAndWhatNearlyRanOutOfTime() {
    RecordedRun run =
        RecordedRun.started()
            .at(1, new JournalEntry.StepChosen("evidence", Map.of()))
            .at(1, new JournalEntry.StepIntent("evidence"))
            .at(2, new JournalEntry.ControllerAttached(RecordedRun.BEN))
            .at(3, new JournalEntry.OutcomeUnknown("evidence", "nothing to see"))
            .at(4, new JournalEntry.Answered("evidence", false, "ben@bastion-2"))
            .at(5, new JournalEntry.StepIntent("evidence"))
            .at(4500, new JournalEntry.StepActed("evidence"))
            .at(4500, new JournalEntry.StepDone("evidence", Map.of(), false));

    assertThat(Deviations.of(run.records()))
        .extracting(Deviation::change)
        .containsExactly(
            "Write down how ben@bastion-2 could tell, or give evidence a marker by which its probe"
                + " can.",
            "Raise the expectation of evidence from 10 s to 1 h 14 min: it took that long in this"
                + " run.",
            "Raise the deadline of evidence: a slightly worse day would have failed it.",
            "See that it does no harm, and costs little, to repeat evidence.",
            "Make store-lost faster, or change the objective of 1 h.");
  }
}
