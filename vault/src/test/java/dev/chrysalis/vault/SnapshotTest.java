package dev.chrysalis.vault;

import static dev.chrysalis.vault.VaultFixture.CLOCK;
import static dev.chrysalis.vault.VaultFixture.NOW;
import static dev.chrysalis.vault.VaultFixture.SMALL;
import static dev.chrysalis.vault.VaultFixture.content;
import static dev.chrysalis.vault.VaultFixture.directory;
import static dev.chrysalis.vault.VaultFixture.file;
import static dev.chrysalis.vault.VaultFixture.noise;
import static dev.chrysalis.vault.VaultFixture.read;
import static dev.chrysalis.vault.VaultFixture.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.Fault;
import dev.chrysalis.vault.backend.FaultyBackend;
import dev.chrysalis.vault.backend.MemoryBackend;
import dev.chrysalis.vault.backend.ScriptedFault;
import dev.chrysalis.vault.backend.ScriptedFault.Operation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class SnapshotTest {
  private final MemoryBackend backend = new MemoryBackend();
  private final Vault vault = VaultFixture.create(backend);

  @Test
  void whatWasStoredIsReadBack() {
    Map<String, byte[]> files =
        Map.of(
            "base/1/1259", content(1, 700_000),
            "base/1/noise", noise(2, 700_001),
            "base/1/one", new byte[] {7},
            "base/1/zeroes", new byte[600_000],
            "PG_VERSION", "18\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Snapshot made;
    try (SnapshotWriter writer = vault.beginSnapshot("postgres")) {
      directory(writer, "base/1");
      files.forEach((path, content) -> file(writer, path, content));
      file(writer, "base/1/empty", new byte[0]);
      directory(writer, "base");
      writer.add(
          new FileEntry("link", FileEntry.Kind.LINK, 0777, 0, NOW, "../else where", List.of()));
      assertThat(vault.snapshots("postgres")).isEmpty();
      made = writer.commit(Map.of("version", "18"));
    }
    assertThat(vault.snapshots("postgres")).containsExactly(made);
    assertThat(made.files()).isEqualTo(6);
    assertThat(made.bytes()).isEqualTo(2_000_005);
    try (SnapshotReader reader = vault.openSnapshot("postgres", made.id());
        var entries = reader.entries()) {
      List<FileEntry> all = entries.toList();
      assertThat(all)
          .extracting(FileEntry::path)
          .containsExactly(
              "PG_VERSION",
              "base",
              "base/1",
              "base/1/1259",
              "base/1/empty",
              "base/1/noise",
              "base/1/one",
              "base/1/zeroes",
              "link");
      for (FileEntry entry : all) {
        assertThat(read(reader, entry)).isEqualTo(files.getOrDefault(entry.path(), new byte[0]));
      }
      assertThat(all.getLast().linkTarget()).isEqualTo("../else where");
      assertThat(all.get(3).mode()).isEqualTo(0640);
      assertThat(all.get(3).modified()).isEqualTo(NOW);
      assertThat(reader.missingPacks()).isEmpty();
    }
  }

  @Test
  void aDirectBufferIsStoredAsAHeapBufferIs() {
    byte[] content = content(1, 100_000);
    ByteBuffer direct = ByteBuffer.allocateDirect(content.length).put(content).flip();
    try (SnapshotWriter writer = vault.beginSnapshot("postgres")) {
      Chunk first = writer.store(direct);
      assertThat(direct.hasRemaining()).isFalse();
      assertThat(writer.store(ByteBuffer.wrap(content))).isEqualTo(first);
    }
  }

  @Test
  void aSecondSnapshotOfTheSameDataStoresNothing() {
    Map<String, byte[]> files = Map.of("a", content(1, 3_000_000), "b", noise(2, 1_000_000));
    Snapshot first = snapshot(vault, "postgres", files);
    Snapshot second = snapshot(VaultFixture.open(backend), "postgres", files);

    assertThat(first.newBytes()).isEqualTo(4_000_000);
    assertThat(first.storedBytes()).isBetween(2_000_000L, 3_200_000L);
    assertThat(second.newBytes()).isZero();
    assertThat(second.storedBytes()).isZero();
    assertThat(vault.snapshots("postgres")).containsExactlyInAnyOrder(first, second);
    assertReadable(second, files);
  }

  @Test
  void storesDoNotShareChunks() {
    Map<String, byte[]> files = Map.of("a", content(1, 300_000));
    snapshot(vault, "postgres", files);
    assertThat(snapshot(vault, "redis", files).newBytes()).isEqualTo(300_000);
  }

  @Test
  void aLostIndexIsRebuiltFromThePacksOnce() {
    Map<String, byte[]> files = Map.of("a", content(1, 3_000_000));
    snapshot(vault, "postgres", files);
    indexes().forEach(backend::delete);

    Snapshot second = snapshot(VaultFixture.open(backend), "postgres", files);
    assertThat(second.newBytes()).isZero();
    assertThat(indexes()).hasSize(1);

    FaultyBackend noFooters =
        new FaultyBackend(
            backend,
            ScriptedFault.on(Operation.OPEN, new Fault.Hides()).atKeysUnder("packs/").always());
    assertThat(snapshot(VaultFixture.open(noFooters), "postgres", files).newBytes()).isZero();
  }

  @Test
  void chunksOfLostCutOrDoomedPacksAreStoredAnew() {
    Map<String, byte[]> files = Map.of("a", noise(1, 4_000_000));
    snapshot(vault, "postgres", files);
    List<String> packs = packs();
    assertThat(packs).hasSizeGreaterThan(3);
    backend.delete(packs.getFirst());
    backend.create("doomed/" + packs.get(1).substring("packs/".length()), Body.of(new byte[0]));
    replace(packs.get(2), java.util.Arrays.copyOf(bytes(packs.get(2)), 1000));

    List<ChrysalisException> notices = new ArrayList<>();
    Vault later = VaultFixture.open(backend, SMALL.withNotices(notices::add));
    Snapshot second = snapshot(later, "postgres", files);
    assertThat(second.newBytes()).isBetween(2_000_000L, 3_200_000L);
    assertReadable(second, files);
    assertThat(notices).hasSize(1).first().asString().contains(packs.get(2));
  }

  @Test
  void aDamagedIndexIsToldAndReplaced() {
    Map<String, byte[]> files = Map.of("a", content(1, 1_000_000));
    snapshot(vault, "postgres", files);
    String damaged = indexes().getFirst();
    byte[] index = bytes(damaged);
    index[index.length / 2] ^= 1;
    replace(damaged, index);
    List<ChrysalisException> notices = new ArrayList<>();
    Vault later = VaultFixture.open(backend, SMALL.withNotices(notices::add));
    assertThat(snapshot(later, "postgres", files).newBytes()).isZero();
    assertThat(notices).hasSize(1).first().asString().contains(damaged);
  }

  @Test
  void aWriterThatIsClosedLeavesNothingVisibleButItsPacksAreUsedAgain() {
    byte[] content = noise(1, 5_000_000);
    try (SnapshotWriter writer = vault.beginSnapshot("postgres")) {
      file(writer, "a", content);
    }
    assertThat(vault.snapshots("postgres")).isEmpty();
    assertThat(packs()).isNotEmpty();
    assertThat(snapshot(vault, "postgres", Map.of("a", content)).newBytes())
        .isLessThan(content.length);
  }

  @Test
  void sixteenThreadsStoreAtOnce() throws Exception {
    Snapshot made;
    try (SnapshotWriter writer = vault.beginSnapshot("postgres");
        var threads = Executors.newFixedThreadPool(16)) {
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < 16; t++) {
        int thread = t;
        running.add(threads.submit(() -> storeFilesOfThread(writer, thread)));
      }
      for (Future<?> one : running) {
        one.get();
      }
      made = writer.commit(Map.of());
    }
    assertThat(made.files()).isEqualTo(16 * 12);
    assertThat(made.newBytes()).isLessThan(made.bytes());
    try (SnapshotReader reader = vault.openSnapshot("postgres", made.id());
        var entries = reader.entries()) {
      entries.forEach(entry -> {
        String[] parts = entry.path().substring(1).split("/", -1);
        int i = Integer.parseInt(parts[1]);
        int seed = i % 2 == 0 ? i : Integer.parseInt(parts[0]) * 100 + i;
        assertThat(read(reader, entry)).isEqualTo(content(seed, 150_000 + i));
      });
    }
  }

  /// Half of the content is the same in all threads.
  private static void storeFilesOfThread(SnapshotWriter writer, int thread) {
    for (int i = 0; i < 12; i++) {
      int seed = i % 2 == 0 ? i : thread * 100 + i;
      file(writer, "t" + thread + "/" + i, content(seed, 150_000 + i));
    }
  }

  @Test
  void manyEntriesAreSortedThroughTheSpool() {
    int count = 60_000;
    Snapshot made;
    try (SnapshotWriter writer = vault.beginSnapshot("kafka")) {
      for (int i = 0; i < count; i++) {
        int shuffled = (int) ((i * 7919L) % count);
        directory(writer, "topics/partition-%06d".formatted(shuffled));
      }
      made = writer.commit(Map.of());
    }
    AtomicLong next = new AtomicLong();
    try (SnapshotReader reader = vault.openSnapshot("kafka", made.id());
        var entries = reader.entries()) {
      entries.forEach(entry ->
          assertThat(entry.path())
              .isEqualTo("topics/partition-%06d".formatted(next.getAndIncrement())));
    }
    assertThat(next).hasValue(count);
  }

  @Test
  void aFailedUploadFailsTheSnapshot() {
    FaultyBackend full =
        new FaultyBackend(
            backend,
            ScriptedFault.on(Operation.CREATE, Fault.noSpace()).atKeysUnder("packs/").nth(2));
    Vault failing = VaultFixture.open(full);
    assertCode(
        VaultErrors.NO_SPACE,
        () -> snapshot(failing, "postgres", Map.of("a", noise(1, 20_000_000))));
    full.assertAllFired();
    assertThat(vault.snapshots("postgres")).isEmpty();
  }

  @Test
  void lostAnswersDoNotFailASnapshot() {
    FaultyBackend flaky =
        new FaultyBackend(
            backend, lost("sessions/"), lost("index/"), lost("manifests/"), lost("catalog/"));
    Snapshot made = snapshot(VaultFixture.open(flaky), "postgres", Map.of("a", noise(1, 10)));
    flaky.assertAllFired();
    assertThat(vault.snapshots("postgres")).containsExactly(made);
  }

  @Test
  void aSessionThatPruneClosedCannotCommit() {
    try (SnapshotWriter writer = vault.beginSnapshot("postgres")) {
      backend.create("catalog/postgres/" + writer.id(), Body.of(new byte[100]));
      assertCode(VaultErrors.SESSION_ABANDONED, () -> writer.commit(Map.of()));
      assertCode(VaultErrors.WRITER_CLOSED, () -> directory(writer, "late"));
    }
  }

  @Test
  void aRemovedSnapshotIsNotSeen() {
    Snapshot made = snapshot(vault, "postgres", Map.of("a", noise(1, 10)));
    backend.create("removed/postgres/" + made.id(), Body.of(new byte[0]));
    assertThat(vault.snapshots("postgres")).isEmpty();
    assertThat(vault.snapshotIds("postgres")).isEmpty();
    assertCode(
        VaultErrors.NO_SUCH_SNAPSHOT, () -> vault.openSnapshot("postgres", made.id()).close());
  }

  @Test
  void missingPacksAreCounted() {
    Map<String, byte[]> files = Map.of("a", noise(1, 4_000_000));
    Snapshot made = snapshot(vault, "postgres", files);
    int all = packs().size();
    String first = packs().getFirst();
    String last = packs().getLast();
    backend.delete(first);
    backend.delete(last);
    try (SnapshotReader reader = vault.openSnapshot("postgres", made.id())) {
      assertThat(reader.missingPacks()).containsExactly(first, last);
    }
    assertThatThrownBy(() -> assertReadable(made, files))
        .isInstanceOf(ChrysalisException.class)
        .hasMessageContaining("lacks 2 of " + all + " packs")
        .extracting(e -> ((ChrysalisException) e).code())
        .isEqualTo(VaultErrors.SNAPSHOT_INCOMPLETE);
  }

  @Test
  void aMissingManifestIsSaid() {
    Snapshot made = snapshot(vault, "postgres", Map.of("a", noise(1, 10)));
    backend.delete("manifests/postgres/" + made.id());
    try (SnapshotReader reader = vault.openSnapshot("postgres", made.id())) {
      assertCode(VaultErrors.SNAPSHOT_INCOMPLETE, reader::missingPacks);
    }
  }

  @Test
  void readingInOrderTakesFewRequests() {
    Map<String, byte[]> files = Map.of("a", noise(1, 8_000_000));
    AtomicLong opened = new AtomicLong();
    Backend counting = new CountingBackend(backend, opened);
    VaultOptions large = VaultOptions.defaults();
    Vault counted = VaultFixture.open(counting, large);
    Snapshot made = snapshot(counted, "postgres", files);
    opened.set(0);
    try (SnapshotReader reader = counted.openSnapshot("postgres", made.id());
        var entries = reader.entries()) {
      entries.forEach(entry -> assertThat(read(reader, entry)).isEqualTo(files.get("a")));
    }
    assertThat(opened).hasValueLessThan(12);
  }

  @Test
  void badCallsAreRefused() {
    try (SnapshotWriter writer = vault.beginSnapshot("postgres")) {
      assertThatThrownBy(() -> writer.store(ByteBuffer.allocate(0)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> writer.store(ByteBuffer.allocate(SnapshotWriter.CHUNK_BYTES + 1)))
          .isInstanceOf(IllegalArgumentException.class);
      Chunk foreign = new Chunk("00".repeat(32), 5, "packs/postgres/x/1", 0, 21);
      assertThatThrownBy(() ->
              writer.add(new FileEntry("a", FileEntry.Kind.FILE, 0, 5, NOW, "", List.of(foreign))))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> vault.beginSnapshot("..").close())
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(CLOCK.instant()).isEqualTo(NOW);
  }

  private void assertReadable(Snapshot snapshot, Map<String, byte[]> files) {
    try (SnapshotReader reader =
            VaultFixture.open(backend).openSnapshot(snapshot.store(), snapshot.id());
        var entries = reader.entries()) {
      entries.forEach(entry -> assertThat(read(reader, entry)).isEqualTo(files.get(entry.path())));
    }
  }

  private static ScriptedFault lost(String prefix) {
    return ScriptedFault.on(Operation.CREATE, new Fault.LosesAnswer()).atKeysUnder(prefix).nth(1);
  }

  private static void assertCode(dev.chrysalis.model.ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(ChrysalisException.class)
        .extracting(e -> ((ChrysalisException) e).code())
        .isEqualTo(code);
  }

  private List<String> packs() {
    return under("packs/");
  }

  private List<String> indexes() {
    return under("index/");
  }

  private List<String> under(String prefix) {
    return backend.keys().stream().filter(key -> key.startsWith(prefix)).toList();
  }

  private byte[] bytes(String key) {
    try (var in = backend.open(key, 0, Long.MAX_VALUE)) {
      return in.readAllBytes();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  private void replace(String key, byte[] bytes) {
    backend.delete(key);
    backend.create(key, Body.of(bytes));
  }
}
