package dev.chrysalis.vault.backend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend.Created;
import dev.chrysalis.vault.backend.Backend.Listed;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every backend must do. A backend's test extends this and hands out empty backends.
public abstract class BackendContract {
  private static final long LARGE = 64L << 20;

  private ErasingBackend backend = new MemoryBackend();

  /// An empty backend; called once for each test, which closes it.
  protected abstract ErasingBackend emptyBackend() throws Exception;

  /// The most that one thread may allocate while it moves 64 MiB in one direction.
  protected long allocationLimit() {
    return 16L << 20;
  }

  /// How many objects the longest listing has; more than a page of the store.
  protected int manyObjects() {
    return 1003;
  }

  /// The backend of the running test.
  protected final ErasingBackend backend() {
    return backend;
  }

  @BeforeEach
  final void openBackend() throws Exception {
    backend = emptyBackend();
  }

  @AfterEach
  final void closeBackend() {
    backend.close();
  }

  @Test
  void anObjectIsReadAsItWasWritten() throws IOException {
    assertThat(backend.create("a/b/c", text("hello"))).isEqualTo(Created.NEW);
    assertThat(read("a/b/c")).isEqualTo("hello");
    assertThat(backend.size("a/b/c")).hasValue(5);
  }

  @Test
  void aSecondCreateFindsTheFirst() throws IOException {
    backend.create("once", text("first"));
    assertThat(backend.create("once", text("second one"))).isEqualTo(Created.EXISTS);
    assertThat(read("once")).isEqualTo("first");
  }

  @Test
  void ofSixteenRacingWritersExactlyOneWinsAndItsBytesStand() throws Exception {
    for (int round = 0; round < 5; round++) {
      String key = "race/" + round;
      List<Created> answers =
          Race.of(16, seed -> backend.create(key, new PatternBody(70_000, seed)));
      assertThat(answers).filteredOn(Created.NEW::equals).hasSize(1);
      assertPattern(key, 0, 70_000, 70_000, answers.indexOf(Created.NEW));
    }
  }

  @Test
  void writersOfDifferentKeysInNewFoldersDoNotDisturbEachOther() throws Exception {
    List<Created> answers =
        Race.of(16, i -> backend.create("deep/" + (i % 2) + "/er/" + i, text("v" + i)));
    assertThat(answers).containsOnly(Created.NEW);
    assertThat(keys("deep/")).hasSize(16);
  }

  @Test
  void rangesAreReadUpToTheEdges() throws IOException {
    backend.create("range", new PatternBody(1000, 7));
    assertPattern("range", 0, 1, 1, 7);
    assertPattern("range", 0, 1000, 1000, 7);
    assertPattern("range", 999, 1, 1, 7);
    assertPattern("range", 250, 500, 500, 7);
    assertPattern("range", 990, 500, 10, 7);
    assertPattern("range", 1000, 10, 0, 7);
    assertPattern("range", 5000, 10, 0, 7);
    assertPattern("range", 500, 0, 0, 7);
    assertPattern("range", 0, Long.MAX_VALUE, 1000, 7);
  }

  @Test
  void aNegativeRangeIsRefused() {
    backend.create("range", text("x"));
    assertThatThrownBy(() -> open("range", -1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> open("range", 0, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aMissingObjectIsSaidToBeMissing() {
    assertFails(VaultErrors.OBJECT_MISSING, () -> open("no/such/object", 0, 10));
    assertFails(VaultErrors.OBJECT_MISSING, () -> open("no/such/object", 0, 0));
    assertThat(backend.size("no/such/object")).isEmpty();
    assertThat(keys("no/")).isEmpty();
  }

  @Test
  void anObjectUnderAnObjectsKeyIsMissing() {
    backend.create("plain", text("x"));
    assertFails(VaultErrors.OBJECT_MISSING, () -> open("plain/under", 0, 10));
    assertThat(backend.size("plain/under")).isEmpty();
    assertThat(keys("plain/under")).isEmpty();
    backend.delete("plain/under");
  }

  @Test
  void aFolderOfKeysIsNoObject() {
    backend.create("folder/object", text("x"));
    assertThat(backend.size("folder")).isEmpty();
    assertFails(VaultErrors.OBJECT_MISSING, () -> open("folder", 0, 10));
    backend.delete("folder");
    assertThat(keys("")).containsExactly("folder/object");
  }

  @Test
  void anEmptyObjectIsAnObject() throws IOException {
    assertThat(backend.create("empty", Body.of(new byte[0]))).isEqualTo(Created.NEW);
    assertThat(backend.create("empty", text("x"))).isEqualTo(Created.EXISTS);
    assertThat(backend.size("empty")).hasValue(0);
    assertPattern("empty", 0, 10, 0, 0);
    assertThat(list("")).containsExactly(new Listed("empty", 0));
  }

  @Test
  void aListingIsInOrderOfWholeKeys() {
    List<String> keys =
        List.of("a", "a-b/x", "a.b", "a0", "aB", "a_", "b-1", "b/0/z", "b/1", "b/1.5", "b0/1", "Z");
    keys.forEach(key -> backend.create(key, text(key)));
    assertThat(keys("")).isSortedAccordingTo(String::compareTo).hasSameElementsAs(keys);
    assertThat(keys("a")).containsExactly("a", "a-b/x", "a.b", "a0", "aB", "a_");
    assertThat(keys("b/")).containsExactly("b/0/z", "b/1", "b/1.5");
    assertThat(keys("b/1")).containsExactly("b/1", "b/1.5");
    assertThat(keys("b/1.")).containsExactly("b/1.5");
    assertThat(keys("b/0/")).containsExactly("b/0/z");
    assertThat(list("b/0")).containsExactly(new Listed("b/0/z", 5));
    assertThat(keys("c")).isEmpty();
    assertThat(keys("c/d/e")).isEmpty();
  }

  @Test
  void aListingGoesOnPastOnePage() throws Exception {
    int many = manyObjects();
    Race.of(8, part -> createShare("many/", part, 8, many));
    assertThat(keys("many/"))
        .isEqualTo(IntStream.range(0, many).mapToObj(i -> "many/" + fourDigits(i)).toList());
    try (Stream<Listed> some = backend.list("many/")) {
      assertThat(some.limit(3).map(Listed::key))
          .containsExactly("many/0000", "many/0001", "many/0002");
    }
  }

  @Test
  void aListingWhileObjectsAreCreatedShowsOnlyWholeOnesAndAllOlderOnes() throws Exception {
    backend.create("live/0000", new PatternBody(50_000, 0));
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> writer = threads.submit(() -> createUntil(done));
      for (int i = 0; i < 20; i++) {
        List<Listed> seen = list("live/");
        assertThat(seen).contains(new Listed("live/0000", 50_000));
        assertThat(seen).extracting(Listed::size).containsOnly(50_000L);
        assertThat(seen).extracting(Listed::key).isSorted();
      }
      done.set(true);
      writer.get();
    }
  }

  @Test
  void aDeletedObjectIsGoneAndDeletingAgainIsNoError() {
    backend.create("gone/a", text("x"));
    backend.create("gone/b", text("x"));
    backend.delete("gone/a");
    backend.delete("gone/a");
    assertThat(backend.size("gone/a")).isEmpty();
    assertFails(VaultErrors.OBJECT_MISSING, () -> open("gone/a", 0, 1));
    assertThat(keys("gone/")).containsExactly("gone/b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/", "/a", "a/", "a//b", ".", "..", "a/../b", "a/.", "a b", "ä", "a\\b", "a~"})
  void aBadKeyIsRefusedBeforeAnythingIsDone(String key) {
    assertFails(VaultErrors.BAD_KEY, () -> backend.create(key, text("x")));
    assertFails(VaultErrors.BAD_KEY, () -> open(key, 0, 1));
    assertFails(VaultErrors.BAD_KEY, () -> backend.size(key));
    assertFails(
        VaultErrors.BAD_KEY,
        () -> {
          backend.delete(key);
          return "deleted";
        });
    assertThat(keys("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/a", "a//b", "../", "./", "a/../b", "a/./", "a b", "a\u0000"})
  void aBadPrefixIsRefused(String prefix) {
    assertFails(VaultErrors.BAD_KEY, () -> backend.list(prefix));
  }

  @Test
  void theLongestKeyCanBeUsedAndALongerOneIsRefused() throws IOException {
    String part = "k".repeat(127) + "/";
    String longest = part.repeat(3) + "k".repeat(128);
    assertThat(longest).hasSize(ObjectKeys.LONGEST);
    backend.create(longest, text("x"));
    assertThat(read(longest)).isEqualTo("x");
    assertThat(keys("kkk")).containsExactly(longest);
    assertFails(VaultErrors.BAD_KEY, () -> backend.create(longest + "k", text("x")));
  }

  @Test
  void aLargeObjectStreamsThroughLittleMemory() throws IOException {
    long before = allocated();
    assertThat(backend.create("large", new PatternBody(LARGE, 3))).isEqualTo(Created.NEW);
    assertThat(allocated() - before).as("allocated by create").isLessThan(allocationLimit());
    before = allocated();
    assertPattern("large", 0, LARGE, LARGE, 3);
    assertThat(allocated() - before).as("allocated by reading").isLessThan(allocationLimit());
    assertPattern("large", LARGE - 5, 100, 5, 3);
  }

  @Test
  void aBodyThatFailsMidwayLeavesNothing() throws IOException {
    assertFails(
        VaultErrors.BODY_UNREADABLE,
        () -> backend.create("half", new PatternBody(300_000, 1).failingAfter(150_000)));
    assertThat(backend.size("half")).isEmpty();
    assertThat(keys("")).isEmpty();
    assertThat(backend.create("half", text("whole"))).isEqualTo(Created.NEW);
    assertThat(read("half")).isEqualTo("whole");
  }

  @Test
  void aBodyShorterThanItSaysLeavesNothing() {
    Body shorter =
        new Body() {
          @Override
          public long length() {
            return 10;
          }

          @Override
          public InputStream open() throws IOException {
            return text("short").open();
          }
        };
    assertFails(VaultErrors.BODY_UNREADABLE, () -> backend.create("short", shorter));
    assertThat(keys("")).isEmpty();
  }

  @Test
  void aStreamMayBeClosedBeforeItsEnd() throws IOException {
    backend.create("part", new PatternBody(500_000, 2));
    for (int i = 0; i < 20; i++) {
      try (InputStream in = backend.open("part", 0, 500_000)) {
        assertThat(in.read()).isEqualTo(PatternBody.at(0, 2) & 0xff);
      }
    }
    assertPattern("part", 0, 500_000, 500_000, 2);
  }

  @Test
  void manyReadersShareAnObject() throws Exception {
    backend.create("shared", new PatternBody(200_000, 9));
    Race.of(
        8,
        i -> {
          assertPattern("shared", i * 1000L, 50_000, 50_000, 9);
          return i;
        });
  }

  private int createShare(String prefix, int part, int parts, int many) {
    int made = 0;
    for (int i = part; i < many; i += parts) {
      backend.create(prefix + fourDigits(i), text("x"));
      made++;
    }
    return made;
  }

  private void createUntil(AtomicBoolean done) {
    for (int i = 1; !done.get() && i < 500; i++) {
      backend.create("live/" + fourDigits(i), new PatternBody(50_000, i));
    }
  }

  private void assertPattern(String key, long offset, long length, long expected, int seed)
      throws IOException {
    byte[] buffer = new byte[64 * 1024];
    long position = offset;
    try (InputStream in = backend.open(key, offset, length)) {
      for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
        for (int i = 0; i < got; i++) {
          if (buffer[i] != PatternBody.at(position + i, seed)) {
            throw new AssertionError("wrong byte " + (position + i) + " of " + key);
          }
        }
        position += got;
      }
    }
    assertThat(position - offset).as("bytes read of " + key).isEqualTo(expected);
  }

  private String read(String key) throws IOException {
    try (InputStream in = backend.open(key, 0, Long.MAX_VALUE)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private String open(String key, long offset, long length) throws IOException {
    try (InputStream in = backend.open(key, offset, length)) {
      return "opened, " + in.available();
    }
  }

  private List<Listed> list(String prefix) {
    try (Stream<Listed> listed = backend.list(prefix)) {
      return listed.toList();
    }
  }

  private List<String> keys(String prefix) {
    return list(prefix).stream().map(Listed::key).toList();
  }

  private static String fourDigits(int number) {
    return String.format("%04d", number);
  }

  private static long allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadAllocatedBytes();
  }

  protected static Body text(String text) {
    return Body.of(text.getBytes(UTF_8));
  }

  protected static void assertFails(ErrorCode code, Callable<?> call) {
    assertThatExceptionOfType(ChrysalisException.class)
        .isThrownBy(call::call)
        .satisfies(e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code))
        .satisfies(e -> assertThat(e.hint()).isNotBlank());
  }
}
