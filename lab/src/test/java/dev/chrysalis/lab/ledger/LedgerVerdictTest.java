package dev.chrysalis.lab.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The load writes one rim a second from noon on; the disaster comes ten seconds in.
final class LedgerVerdictTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final Instant DISASTER = NOON.plusSeconds(10);
  private static final Instant RETURN = NOON.plusSeconds(60);

  private final List<Write> writes = new ArrayList<>();
  private final List<Item> store = new ArrayList<>();

  @Test
  void aStoreThatHoldsEverythingIsClean() {
    for (int id = 1; id <= 9; id++) {
      acknowledged(id);
      holds(id, "value" + id);
    }
    LedgerVerdict verdict = verdict(Incident.of(DISASTER, RETURN));
    assertThat(verdict.clean()).isTrue();
    assertThat(verdict.acknowledged()).isEqualTo(9);
    assertThat(verdict.dataLoss()).isZero();
  }

  @Test
  void theTailThatIsGoneIsLostSinceItsOldestAcknowledgement() {
    for (int id = 1; id <= 9; id++) {
      acknowledged(id);
    }
    for (int id = 1; id <= 6; id++) {
      holds(id, "value" + id);
    }
    LedgerVerdict verdict = verdict(Incident.of(DISASTER, RETURN));
    assertThat(verdict.clean()).isFalse();
    assertThat(verdict.lost()).extracting(LedgerVerdict.LostWrite::id).containsExactly(7L, 8L, 9L);
    assertThat(verdict.dataLoss()).isEqualTo(Duration.ofMillis(2_900));
    assertThat(verdict.dataLossSeconds()).isEqualTo(2.9);
  }

  @Test
  void theRightNumberOfWrongRowsIsNoRecovery() {
    acknowledged(1);
    acknowledged(2);
    holds(1, "value1");
    holds(2, "value1");
    LedgerVerdict verdict = verdict(Incident.of(DISASTER, RETURN));
    assertThat(verdict.corrupted()).containsExactly(2L);
    assertThat(verdict.lost()).isEmpty();
    assertThat(verdict.clean()).isFalse();
  }

  @Test
  void whatNobodyHeardOfMayBeThereOrNot() {
    attempted(1);
    attempted(2);
    holds(2, "value2");
    LedgerVerdict verdict = verdict(Incident.of(DISASTER, RETURN));
    assertThat(verdict.unacknowledgedPresent()).isEqualTo(1);
    assertThat(verdict.clean()).isTrue();
  }

  @Test
  void rowsOfOthersAreCountedApart() {
    holds(4711, "sample");
    assertThat(verdict(Incident.of(DISASTER, RETURN)).unknown()).isEqualTo(1);
  }

  @Test
  void afterATargetItsLaterWritesAreDiscardedAndNotLost() {
    for (int id = 1; id <= 9; id++) {
      acknowledged(id);
    }
    holds(1, "value1");
    holds(2, "value2");
    LedgerVerdict verdict = verdict(backTo(NOON.plusMillis(3_500)));
    assertThat(verdict.lost()).extracting(LedgerVerdict.LostWrite::id).containsExactly(3L);
    assertThat(verdict.discardedByTarget()).isEqualTo(6);
    assertThat(verdict.survivedPastTarget()).isEmpty();
  }

  @Test
  void aWriteAfterTheTargetThatIsStillThereSurvived() {
    acknowledged(5);
    holds(5, "value5");
    LedgerVerdict verdict = verdict(backTo(NOON.plusMillis(3_500)));
    assertThat(verdict.survivedPastTarget()).containsExactly(5L);
    assertThat(verdict.clean()).isFalse();
  }

  @Test
  void aWriteAcrossTheTargetMayBeThereOrNot() {
    acknowledged(3);
    acknowledged(4);
    holds(4, "value4");
    Incident across = backTo(NOON.plusMillis(3_050));
    assertThat(verdict(across).lost()).isEmpty();
    assertThat(verdict(across).discardedByTarget()).isEqualTo(1);
    Incident acrossNext = backTo(NOON.plusMillis(4_050));
    assertThat(verdict(acrossNext).survivedPastTarget()).isEmpty();
  }

  @Test
  void whatClientsWroteAfterTheirReturnHasToStay() {
    acknowledged(70);
    acknowledged(71);
    holds(71, "value71");
    LedgerVerdict verdict = verdict(backTo(NOON.plusSeconds(3)));
    assertThat(verdict.lost()).extracting(LedgerVerdict.LostWrite::id).containsExactly(70L);
    assertThat(verdict.survivedPastTarget()).isEmpty();
  }

  @Test
  void allPagesAreRead() {
    for (int id = 1; id <= 25; id++) {
      acknowledged(id);
      holds(id, "value" + id);
    }
    assertThat(verdict(Incident.of(DISASTER, RETURN)).clean()).isTrue();
  }

  private void attempted(long id) {
    writes.add(new Write(id, "value" + id, NOON.plusSeconds(id), Optional.empty()));
  }

  private void acknowledged(long id) {
    Instant at = NOON.plusSeconds(id);
    writes.add(new Write(id, "value" + id, at, Optional.of(at.plusMillis(100))));
  }

  private void holds(long id, String value) {
    store.add(new Item(id, value));
  }

  private Incident backTo(Instant target) {
    return new Incident(DISASTER, Optional.of(target), RETURN);
  }

  private LedgerVerdict verdict(Incident incident) {
    ItemReader pages = after -> store.stream().filter(rim -> rim.id() > after).limit(10).toList();
    return LedgerVerdict.compare(writes, pages, incident);
  }
}
