package dev.chrysalis.redis.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.control.RestorePoints.CameUpEmpty;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EmptinessTest {
  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
  private static final MemberId MEMBER = new MemberId("redis", 0);
  private static final Optional<Instant> NEVER = Optional.empty();

  private final List<BaseFacts> bases = new ArrayList<>();

  @Test
  void isFoundWhereAProcessBeganWithNextToNothing() {
    base("old", "", 1000);
    base("new", "", 99);

    assertThat(found(NEVER)).contains(new CameUpEmpty(MEMBER, NOON.plusSeconds(1), 1000));
  }

  @Test
  void lastsWhileItIsFilledAndIsOverWhenHalfIsThereAgain() {
    base("old", "", 1000);
    base("new", "", 0);
    base("new", "", 400);
    assertThat(found(NEVER)).contains(new CameUpEmpty(MEMBER, NOON.plusSeconds(1), 1000));

    base("restored", "", 990);
    assertThat(found(NEVER)).isEmpty();
  }

  @Test
  void isFoundWhereAServerBeganEmptyHoweverFastItWasFilled() {
    base("old", "", 1000);
    beganEmpty("new", 5000);

    assertThat(found(NEVER))
        .contains(new CameUpEmpty(MEMBER, NOON.plusSeconds(1), 1000, Set.of("new")));
  }

  @Test
  void isNotOverForWhatClientsWroteIntoTheEmptiedServerOrItsReplicas() {
    base("old", "", 1000);
    beganEmpty("new", 5);
    base("new", "", 5000);
    base("replica", "new", 6000);
    assertThat(found(NEVER))
        .contains(new CameUpEmpty(MEMBER, NOON.plusSeconds(1), 1000, Set.of("new", "replica")));

    base("restored", "", 990);
    assertThat(found(NEVER)).isEmpty();
  }

  @Test
  void isNotFoundWhereAnEmptyStoreIsStartedAgain() {
    base("old", "", 0);
    beganEmpty("new", 50);

    assertThat(found(NEVER)).isEmpty();
  }

  @Test
  void isNotFoundWhereTheSameProcessDeletedItsKeys() {
    base("old", "", 1000);
    base("old", "", 0);

    assertThat(found(NEVER)).isEmpty();
  }

  @Test
  void isNotFoundWhereAReplicaOfTheOneBeforeTookOver() {
    base("old", "", 1000);
    base("new", "old", 10);

    assertThat(found(NEVER)).isEmpty();
  }

  @Test
  void isNotFoundWhereAProcessBeganWithMost() {
    base("old", "", 1000);
    base("new", "", 100);

    assertThat(found(NEVER)).isEmpty();
  }

  @Test
  void isOverWhenARestoreWasAcceptedBeforeOrAfterItsFirstBase() {
    base("old", "", 1000);
    base("restored", "", 10);

    assertThat(found(Optional.of(NOON.plusMillis(500)))).isEmpty();
    assertThat(found(Optional.of(NOON.plusSeconds(5)))).isEmpty();
    assertThat(found(Optional.of(NOON.minusSeconds(5)))).isPresent();
  }

  private void beganEmpty(String process, long keys) {
    base(process, "", keys);
    bases.add(bases.removeLast().ofEmptyStart());
  }

  private Optional<CameUpEmpty> found(Optional<Instant> accepted) {
    return Emptiness.of(bases.reversed(), accepted);
  }

  /// A second after the one before.
  private void base(String process, String followed, long keys) {
    bases.add(
        new BaseFacts(
            MEMBER,
            "7.0.15",
            BaseFacts.Format.RDB,
            true,
            Optional.empty(),
            0,
            0,
            NOON.plusSeconds(bases.size()),
            keys,
            process,
            9,
            followed));
  }
}
