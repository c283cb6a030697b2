package dev.chrysalis.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.chrysalis.engine.FaultyRecordStore.Moment;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.model.Token;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LeasesTest {
  private static final Duration NOT_AT_ALL = Duration.ZERO;
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final String STACK = "butterfly";

  private final InMemoryRecordStore records = new InMemoryRecordStore();
  private final FakeTicker time = new FakeTicker();

  @Test
  void tokensGrowByOne() {
    for (long number = 1; number <= 3; number++) {
      try (Lease lease = leases().acquire(STACK, Stage.holder(), NOT_AT_ALL)) {
        assertThat(lease.token()).isEqualTo(new Token(number));
      }
    }
    assertThat(leases().newest(STACK)).hasValueSatisfying(s -> assertThat(s.released()).isTrue());
  }

  @Test
  void aHeldLeaseNamesItsHolderAndWhatToDo() {
    try (Lease lease = leases().acquire(STACK, Stage.holder(), NOT_AT_ALL)) {
      assertThat(lease.token()).isEqualTo(new Token(1));
      assertThatThrownBy(() -> leases().acquire(STACK, Stage.holder(), NOT_AT_ALL))
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              e -> {
                assertThat(e.code()).isEqualTo(EngineErrors.LEASE_HELD);
                assertThat(e).hasMessageContaining("bastion-1").hasMessageContaining("4711");
                assertThat(e.hint()).contains("15 s");
              });
    }
  }

  @Test
  void aDeadHoldersLeaseIsTakenOver() {
    Lease dead = deaf().acquire(STACK, Stage.holder(), NOT_AT_ALL);
    FakeTicker theirs = new FakeTicker();
    try (Lease taken = leases(theirs, records).acquire(STACK, Stage.holder(), LONG)) {
      assertThat(taken.token()).isEqualTo(new Token(2));
      assertThat(theirs.nanos()).isGreaterThanOrEqualTo(Leases.TIME_TO_LIVE.toNanos());
    }
    dead.close();
  }

  @Test
  void aHolderThatBeatsIsNotTakenOver() {
    FakeTicker theirs = new FakeTicker();
    Lease[] held = new Lease[1];
    AtomicInteger looks = new AtomicInteger();
    RecordStore watched =
        new FaultyRecordStore(
            records,
            (moment, key) -> {
              if (moment == Moment.BEFORE_KEYS
                  && key.contains("/beat/")
                  && looks.incrementAndGet() % 5 == 0) {
                held[0].beat();
              }
            });
    try (Lease lease = leases().acquire(STACK, Stage.holder(), NOT_AT_ALL)) {
      held[0] = lease;
      assertThatThrownBy(() -> leases(theirs, watched).acquire(STACK, Stage.holder(), LONG))
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              e -> assertThat(e.code()).isEqualTo(EngineErrors.LEASE_HELD));
      assertThat(theirs.nanos()).isGreaterThanOrEqualTo(LONG.toNanos());
    }
  }

  @Test
  void beatsInTheBackground() {
    try (Lease lease = leases().acquire(STACK, Stage.holder(), NOT_AT_ALL)) {
      for (int beat = 1; beat <= 8; beat++) {
        int wanted = beat;
        await().until(() -> time.sleepers() == 1);
        time.advance(Duration.ofSeconds(3));
        await().until(() -> records.keys(RecordKeys.beats(STACK, new Token(1))).size() >= wanted);
        await().until(() -> counts(lease));
      }
      assertThat(lease.token()).isEqualTo(new Token(1));
    }
  }

  @Test
  void isLostWhenNoBeatArrivesForFourFifthsOfItsTime() {
    try (Lease lease = deaf().acquire(STACK, Stage.holder(), NOT_AT_ALL)) {
      time.advance(Duration.ofSeconds(12));
      assertThat(lease.token()).isEqualTo(new Token(1));
      time.advance(Duration.ofMillis(1));
      assertLost(lease);
    }
    assertThat(records.read(RecordKeys.end(STACK, new Token(1)))).isEmpty();
  }

  @Test
  void isLostWhenTheWallClockSawAPauseThatTheMonotonicClockDidNot() {
    Instant[] now = {Instant.EPOCH};
    Clock jumping =
        new Clock() {
          @Override
          public Instant instant() {
            return now[0];
          }

          @Override
          public ZoneOffset getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
          }
        };
    Leases leases = new Leases(records, new Surroundings(jumping, time, new Random()));
    try (Lease lease = leases.acquire(STACK, Stage.holder(), NOT_AT_ALL)) {
      now[0] = now[0].plusSeconds(13);
      assertLost(lease);
    }
  }

  @Test
  void aLateBeatDoesNotBringALostLeaseBack() {
    boolean[] slow = {false};
    RecordStore slowing =
        new FaultyRecordStore(
            records,
            (moment, key) -> {
              if (slow[0] && moment == Moment.AFTER_CREATE && key.contains("/beat/")) {
                time.advance(Duration.ofSeconds(13));
              }
            });
    try (Lease lease = leases(time, slowing).acquire(STACK, Stage.holder(), NOT_AT_ALL)) {
      slow[0] = true;
      lease.beat();
      assertLost(lease);
    }
  }

  @Test
  void isLostWhenAHigherTokenStands() {
    try (Lease lease = leases().acquire(STACK, Stage.holder(), NOT_AT_ALL)) {
      assertThat(records.create(RecordKeys.held(STACK, new Token(2)), new byte[] {1})).isTrue();
      lease.beat();
      assertLost(lease);
    }
  }

  @Test
  void ofManyContendersOneHoldsItAtATime() throws Exception {
    AtomicInteger holding = new AtomicInteger();
    Callable<Long> contender =
        () -> {
          Leases real = new Leases(records, Surroundings.system());
          try (Lease lease = real.acquire(STACK, Stage.holder(), LONG)) {
            assertThat(holding.incrementAndGet()).isOne();
            long token = lease.token().value();
            assertThat(holding.decrementAndGet()).isZero();
            return token;
          }
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Long> tokens = new ArrayList<>();
      for (Future<Long> one : threads.invokeAll(Collections.nCopies(4, contender))) {
        tokens.add(one.get());
      }
      assertThat(tokens).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
    }
  }

  private static void assertLost(Lease lease) {
    assertThatThrownBy(lease::token)
        .isInstanceOfSatisfying(
            ChrysalisException.class, e -> assertThat(e.code()).isEqualTo(EngineErrors.LEASE_LOST));
  }

  private static boolean counts(Lease lease) {
    return lease.token().value() > 0;
  }

  private Leases leases() {
    return leases(time, records);
  }

  private static Leases leases(FakeTicker ticker, RecordStore store) {
    return new Leases(store, new Surroundings(ticker.clock(), ticker, new Random()));
  }

  /// Its beats never reach the store.
  private Leases deaf() {
    return leases(
        time,
        new FaultyRecordStore(
            records,
            (moment, key) -> {
              if (moment == Moment.BEFORE_CREATE && key.contains("/beat/")) {
                throw FakeAction.failure(Category.VAULT);
              }
            }));
  }
}
