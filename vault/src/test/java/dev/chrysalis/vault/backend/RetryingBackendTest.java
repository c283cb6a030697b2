package dev.chrysalis.vault.backend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend.Created;
import dev.chrysalis.vault.backend.Backend.Listed;
import dev.chrysalis.vault.backend.ScriptedFault.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class RetryingBackendTest {
  private static final RetryPolicy POLICY =
      new RetryPolicy(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(10));

  private final MemoryBackend store = new MemoryBackend();
  private final List<Duration> waits = new ArrayList<>();
  private long now;

  @Test
  void aCreateThatFailedBeforeTheActIsNew() {
    FaultyBackend faulty =
        faulty(ScriptedFault.on(Operation.CREATE, Fault.timesOutBefore()).first(2));
    assertThat(retrying(faulty).create("a", text("x"))).isEqualTo(Created.NEW);
    assertThat(waits).hasSize(2);
    faulty.assertAllFired();
  }

  @Test
  void aCreateWhoseAnswerWasLostFindsItsOwnObjectAndSaysOnlyThatItExists() throws IOException {
    FaultyBackend faulty = faulty(ScriptedFault.on(Operation.CREATE, new Fault.LosesAnswer()));
    Backend backend = retrying(faulty);
    assertThat(backend.create("a", text("mine"))).isEqualTo(Created.EXISTS);
    assertThat(read(backend, "a")).isEqualTo("mine");
    faulty.assertAllFired();
  }

  @Test
  void waitsDoubleWithJitterUpToTheLongest() {
    FaultyBackend faulty = faulty(ScriptedFault.on(Operation.SIZE, Fault.throttles()).first(7));
    retrying(faulty).size("a");
    List<Long> most = List.of(100L, 200L, 400L, 800L, 1000L, 1000L, 1000L);
    for (int i = 0; i < most.size(); i++) {
      assertThat(waits.get(i).toMillis()).isBetween(most.get(i) / 2 - 1, most.get(i));
    }
    assertThat(waits).doesNotHaveDuplicates();
  }

  @Test
  void itGivesUpAtTheDeadlineAndSaysSo() {
    FaultyBackend faulty = faulty(ScriptedFault.on(Operation.SIZE, Fault.throttles()).always());
    assertThatExceptionOfType(ChrysalisException.class)
        .isThrownBy(() -> retrying(faulty).size("a"))
        .withMessageContaining("gave up after " + faulty.fired() + " tries in")
        .satisfies(e -> assertThat(e.code()).isEqualTo(VaultErrors.THROTTLED));
    assertThat(Duration.ofNanos(now)).isLessThanOrEqualTo(POLICY.deadline());
    assertThat(faulty.fired()).isGreaterThan(8);
  }

  @Test
  void whatDoesNotPassIsNotTriedAgain() {
    FaultyBackend faulty =
        faulty(
            ScriptedFault.on(Operation.CREATE, Fault.noSpace()),
            ScriptedFault.on(Operation.DELETE, new Fault.Fails(VaultErrors.ACCESS_DENIED)));
    assertFails(VaultErrors.NO_SPACE, () -> retrying(faulty).create("a", text("x")));
    assertFails(
        VaultErrors.ACCESS_DENIED,
        () -> new RetryingErasingBackend(faulty, retrying(faulty)).delete("a"));
    assertThat(waits).isEmpty();
    faulty.assertAllFired();
  }

  @Test
  void aBrokenReadGoesOnWhereItBroke() throws IOException {
    store.create("a", text("hello world"));
    FaultyBackend faulty =
        faulty(
            ScriptedFault.on(Operation.OPEN, Fault.throttles()).nth(1),
            ScriptedFault.on(Operation.OPEN, new Fault.BreaksRead(3)).nth(1),
            ScriptedFault.on(Operation.OPEN, new Fault.Fails(VaultErrors.UNREACHABLE)).nth(1),
            ScriptedFault.on(Operation.OPEN, new Fault.BreaksRead(4)).nth(1));
    assertThat(read(retrying(faulty), "a")).isEqualTo("hello world");
    faulty.assertAllFired();
  }

  @Test
  void aReadThatNeverArrivesEndsAsAnIoException() {
    store.create("a", text("hello"));
    FaultyBackend faulty =
        faulty(ScriptedFault.on(Operation.OPEN, new Fault.BreaksRead(0)).always());
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> read(retrying(faulty), "a"))
        .withMessageContaining("gave up")
        .withCauseInstanceOf(ChrysalisException.class);
  }

  @Test
  void progressBeginsANewDeadline() throws IOException {
    store.create("a", text("x".repeat(200)));
    FaultyBackend faulty =
        faulty(ScriptedFault.on(Operation.OPEN, new Fault.BreaksRead(1)).first(199));
    assertThat(read(retrying(faulty), "a")).hasSize(200);
    assertThat(Duration.ofNanos(now)).isGreaterThan(POLICY.deadline());
    faulty.assertAllFired();
  }

  @Test
  void anObjectThatVanishesWhileItIsReadIsAnIoExceptionAtOnce() {
    store.create("a", text("hello"));
    FaultyBackend faulty =
        faulty(
            ScriptedFault.on(Operation.OPEN, new Fault.BreaksRead(2)).nth(1),
            ScriptedFault.on(Operation.OPEN, new Fault.Hides()).nth(1));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> read(retrying(faulty), "a"));
    assertThat(waits).hasSize(1);
    faulty.assertAllFired();
  }

  @Test
  void aListingThatBreaksGoesOnBehindItsLastKey() {
    IntStream.range(0, 30).forEach(i -> store.create(String.format("k%02d", i), text("x")));
    AtomicInteger listings = new AtomicInteger();
    Backend breaking = new BreakingList(store, listings);
    assertThat(retrying(breaking).list("k").map(Listed::key)).isEqualTo(store.keys());
    assertThat(listings).hasValue(4);
  }

  @Test
  void anInterruptEndsTheWaitAndStaysSet() {
    FaultyBackend faulty = faulty(ScriptedFault.on(Operation.SIZE, Fault.throttles()).always());
    Backend backend =
        new RetryingBackend(faulty, POLICY, Pause.parking(), new Random(1), System::nanoTime);
    Thread.currentThread().interrupt();
    assertFails(VaultErrors.INTERRUPTED, () -> backend.size("a"));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(faulty.fired()).isEqualTo(1);
  }

  @Test
  void aPauseLastsAsLongAsItSays() throws InterruptedException {
    long start = System.nanoTime();
    Pause.parking().take(Duration.ofMillis(20));
    assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000L);
  }

  private RetryingBackend retrying(Backend inner) {
    return new RetryingBackend(inner, POLICY, this::pass, new Random(7), () -> now);
  }

  private void pass(Duration wait) {
    waits.add(wait);
    now += wait.toNanos();
  }

  private FaultyBackend faulty(ScriptedFault... script) {
    return new FaultyBackend(store, script);
  }

  private static Body text(String text) {
    return Body.of(text.getBytes(UTF_8));
  }

  private static String read(Backend backend, String key) throws IOException {
    try (InputStream in = backend.open(key, 0, 1000)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static void assertFails(ErrorCode code, ThrowingCallable call) {
    assertThatExceptionOfType(ChrysalisException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }

  /// Its listings break after 10, 20 and 30 objects; only the fourth comes to its end.
  private record BreakingList(MemoryBackend inner, AtomicInteger listings) implements Backend {
    @Override
    public Stream<Listed> list(String prefix) {
      int breaksAt = listings.incrementAndGet() * 10;
      Iterator<Listed> whole = inner.list(prefix).iterator();
      AtomicInteger given = new AtomicInteger();
      return Stream.generate(
              () -> {
                if (given.getAndIncrement() == breaksAt) {
                  throw new ChrysalisException(VaultErrors.UNREACHABLE, "page lost", "test");
                }
                return whole.next();
              })
          .limit(breaksAt < 40 ? 31 : 30);
    }

    @Override
    public Traits traits() {
      return inner.traits();
    }

    @Override
    public Created create(String key, Body body) {
      return inner.create(key, body);
    }

    @Override
    public InputStream open(String key, long offset, long length) {
      return inner.open(key, offset, length);
    }

    @Override
    public OptionalLong size(String key) {
      return inner.size(key);
    }

    @Override
    public void close() {
      inner.close();
    }

    @Override
    public String toString() {
      return "breaking";
    }
  }
}
