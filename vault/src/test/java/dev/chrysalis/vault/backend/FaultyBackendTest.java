package dev.chrysalis.vault.backend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend.Created;
import dev.chrysalis.vault.backend.ScriptedFault.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class FaultyBackendTest {
  private final MemoryBackend store = new MemoryBackend();

  @Test
  void aLostAnswerLeavesTheObject() {
    FaultyBackend faulty = faulty(ScriptedFault.on(Operation.CREATE, new Fault.LosesAnswer()));
    assertTimesOut(() -> faulty.create("a", text("x")));
    assertThat(faulty.create("a", text("x"))).isEqualTo(Created.EXISTS);
    faulty.assertAllFired();
  }

  @Test
  void aTimeOutBeforeTheActLeavesNothing() {
    FaultyBackend faulty =
        faulty(ScriptedFault.on(Operation.CREATE, Fault.timesOutBefore()).atKey("b").nth(2));
    faulty.create("a", text("x"));
    faulty.create("b", text("x"));
    assertTimesOut(() -> faulty.create("b", text("x")));
    assertThat(store.keys()).containsExactly("a", "b");
    faulty.assertAllFired();
  }

  @Test
  void aTornWriteKeepsTheBeginning() throws IOException {
    FaultyBackend faulty =
        faulty(
            ScriptedFault.on(Operation.CREATE, new Fault.TearsWrite(2, true)).atKeysUnder("quiet/"),
            ScriptedFault.on(Operation.CREATE, new Fault.TearsWrite(1, false)).atKeysUnder("loud"));
    assertThat(faulty.create("quiet/a", text("hello"))).isEqualTo(Created.NEW);
    assertTimesOut(() -> faulty.create("loud", text("hello")));
    assertThat(read(faulty, "quiet/a")).isEqualTo("he");
    assertThat(read(faulty, "loud")).isEqualTo("h");
    faulty.assertAllFired();
  }

  @Test
  void readsBreakShortenAndFlip() throws IOException {
    store.create("a", text("hello"));
    FaultyBackend faulty =
        faulty(
            ScriptedFault.on(Operation.OPEN, new Fault.ShortensRead(3)).nth(1),
            ScriptedFault.on(Operation.OPEN, new Fault.FlipsBit(1, 0)).nth(1),
            ScriptedFault.on(Operation.OPEN, new Fault.BreaksRead(2)).nth(1));
    assertThat(read(faulty, "a")).isEqualTo("hel");
    assertThat(read(faulty, "a")).isEqualTo("hdllo");
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> read(faulty, "a"));
    assertThat(read(faulty, "a")).isEqualTo("hello");
    faulty.assertAllFired();
  }

  @Test
  void aFreshObjectIsLeftOutOfOneListing() {
    FaultyBackend faulty =
        faulty(ScriptedFault.on(Operation.LIST, new Fault.Hides()).atKey("b").nth(1));
    List.of("a", "b", "c").forEach(key -> faulty.create(key, text("x")));
    assertThat(faulty.list("").map(Backend.Listed::key)).containsExactly("a", "c");
    assertThat(faulty.list("").map(Backend.Listed::key)).containsExactly("a", "b", "c");
    faulty.assertAllFired();
  }

  @Test
  void theSameSeedStrikesTheSameCalls() {
    assertThat(struck(42)).isEqualTo(struck(42)).isNotEqualTo(struck(43)).contains(true, false);
  }

  @Test
  void aFaultThatNeverStruckFailsTheTest() {
    FaultyBackend faulty = faulty(ScriptedFault.on(Operation.DELETE, Fault.throttles()));
    assertThatExceptionOfType(AssertionError.class).isThrownBy(faulty::assertAllFired);
  }

  @Test
  void aFaultThatCannotHappenThereIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ScriptedFault.on(Operation.LIST, new Fault.LosesAnswer()));
  }

  private List<Boolean> struck(long seed) {
    FaultyBackend faulty =
        faulty(ScriptedFault.on(Operation.SIZE, new Fault.Hides()).sometimes(0.3, seed));
    store.create("a", text("x"));
    return IntStream.range(0, 30).mapToObj(i -> faulty.size("a").isEmpty()).toList();
  }

  private FaultyBackend faulty(ScriptedFault... script) {
    return new FaultyBackend(store, script);
  }

  private static Body text(String text) {
    return Body.of(text.getBytes(UTF_8));
  }

  private static String read(Backend backend, String key) throws IOException {
    try (InputStream in = backend.open(key, 0, 100)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static void assertTimesOut(ThrowingCallable call) {
    assertThatExceptionOfType(ChrysalisException.class)
        .isThrownBy(call)
        .satisfies(e -> assertThat(e.code()).isEqualTo(VaultErrors.TIMED_OUT));
  }
}
