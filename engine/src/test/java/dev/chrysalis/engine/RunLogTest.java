package dev.chrysalis.engine;

import static dev.chrysalis.engine.Stage.plan;
import static dev.chrysalis.engine.Stage.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.engine.FaultyRecordStore.Moment;
import dev.chrysalis.engine.FaultyRecordStore.Script;
import dev.chrysalis.engine.JournalEntry.AbortRequested;
import dev.chrysalis.engine.JournalEntry.Approved;
import dev.chrysalis.engine.JournalEntry.ControllerAttached;
import dev.chrysalis.engine.JournalEntry.RunStarted;
import dev.chrysalis.engine.JournalEntry.StepChosen;
import dev.chrysalis.engine.JournalEntry.StepIntent;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A controller's journal while others write to it too.
final class RunLogTest {
  private static final String RUN = "20261123t021530z-7f3a9c";

  private final InMemoryRecordStore records = new InMemoryRecordStore();
  private final Surroundings surroundings = Surroundings.system();
  private final Lease lease =
      new Leases(records, surroundings).acquire(Stage.STACK, Stage.holder(), Duration.ZERO);

  @AfterEach
  void release() {
    lease.close();
  }

  @Test
  void everyThreadLearnsThatAnotherControllerTookOver() {
    RunLog log = started();
    anotherTakesOver();
    assertFails(() -> log.append(new StepChosen("a", Map.of())), EngineErrors.LEASE_LOST);
    assertFails(log::catchUp, EngineErrors.LEASE_LOST);
    assertFails(() -> log.append(new StepChosen("b", Map.of())), EngineErrors.LEASE_LOST);
    assertFails(log::token, EngineErrors.LEASE_LOST);
    assertThat(new Runs(records).load(Stage.STACK, RUN).records()).hasSize(3);
  }

  @Test
  void whoReadsOnLearnsItAsWell() {
    RunLog log = started();
    anotherTakesOver();
    assertFails(log::catchUp, EngineErrors.LEASE_LOST);
    assertFails(log::catchUp, EngineErrors.LEASE_LOST);
    assertFails(() -> log.append(new StepChosen("a", Map.of())), EngineErrors.LEASE_LOST);
  }

  @Test
  void aRunThatAHigherTokenHasAlreadyIsNotAttachedTo() {
    started();
    anotherTakesOver();
    Journal journal = new Journal(records, Stage.STACK, RUN);
    RunLog late = log(journal, RunState.of(journal.readAll()));
    assertFails(() -> late.attach(Stage.holder()), EngineErrors.LEASE_LOST);
  }

  @Test
  void aDamagedJournalIsSaidToBeDamagedToAllAndNotWrittenToAnyMore() {
    RunLog log = started();
    write(1, new StepIntent("a"));
    assertFails(log::catchUp, EngineErrors.JOURNAL_DAMAGED);
    assertFails(() -> log.append(new StepChosen("b", Map.of())), EngineErrors.JOURNAL_DAMAGED);
    assertThat(records.keys(RecordKeys.run(Stage.STACK, RUN))).hasSize(2);
  }

  @Test
  void aLostLeaseIsSaidBeforeADamagedJournal() {
    RunLog log = started();
    boolean[] closes = {true};
    RunLog closing =
        log((moment, key) -> {
          if (moment == Moment.BEFORE_READ && key.endsWith("2") && closes[0]) {
            closes[0] = false;
            write(1, new StepIntent("a"));
            lease.close();
          }
        });
    assertFails(closing::catchUp, EngineErrors.LEASE_LOST);
    assertFails(log::catchUp, EngineErrors.LEASE_LOST);
  }

  @Test
  void aDecisionIsNotForgottenWhenTheStoreFailsAfterItWasRead() {
    started();
    boolean[] fails = {true};
    RunLog log =
        log((moment, key) -> {
          if (moment == Moment.BEFORE_READ && key.endsWith("3") && fails[0]) {
            fails[0] = false;
            throw FakeAction.failure(Category.VAULT);
          }
        });
    write(0, new AbortRequested("ana@bastion-1"));
    assertThatThrownBy(log::catchUp).hasMessageContaining("the wind blew");
    log.catchUp();
    assertThat(log.state().status()).isEqualTo(RunStatus.ABORTING);
    assertThat(log.append(new StepChosen("a", Map.of()))).isFalse();
  }

  @Test
  void anApprovalThatComesFirstIsFoldedInFirst() {
    RunLog log = started();
    write(0, new Approved(List.of("c"), "ana@bastion-1"));
    assertThat(log.append(new StepChosen("a", Map.of()))).isTrue();
    assertThat(log.state().step("c").approved()).isTrue();
    assertThat(new Runs(records).load(Stage.STACK, RUN).records()).hasSize(3);
  }

  private RunLog started() {
    RunLog log = log(new Journal(records, Stage.STACK, RUN), RunState.empty());
    Plan plan = plan(step("a"), step("b"), step("c").destructive());
    assertThat(log.append(new RunStarted(plan, Stage.holder()))).isTrue();
    return log;
  }

  private RunLog log(Script faults) {
    Journal journal = new Journal(new FaultyRecordStore(records, faults), Stage.STACK, RUN);
    return log(journal, RunState.of(List.of(journal.readNext().orElseThrow())));
  }

  private RunLog log(Journal journal, RunState state) {
    return new RunLog(
        journal,
        state,
        lease,
        new Transitions(),
        new RunObserver() {},
        surroundings,
        Duration.ofMillis(1));
  }

  private void anotherTakesOver() {
    write(2, new ControllerAttached(Stage.holder()));
    write(2, new StepChosen("a", Map.of()));
  }

  private void write(long token, JournalEntry entry) {
    int number = records.keys(RecordKeys.run(Stage.STACK, RUN)).size() + 1;
    byte[] body =
        JournalCodec.encode(new JournalRecord(Instant.EPOCH, token, "nonce" + number, entry));
    assertThat(records.create(RecordKeys.entry(Stage.STACK, RUN, number), body)).isTrue();
  }

  private static void assertFails(ThrowingCallable what, ErrorCode code) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
