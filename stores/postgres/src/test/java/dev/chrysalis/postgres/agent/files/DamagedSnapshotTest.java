package dev.chrysalis.postgres.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.postgres.StoredDamage;
import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damage in a real vault stops a restore before a wrong byte reaches the volume, whatever kind of
/// damage it is and whichever object it hits: of two snapshots, which share a file, the newer one
/// is restored.
class DamagedSnapshotTest {
  private static final int CASES_OF_A_KIND = 40;
  private static final VaultOptions SMALL_PACKS = VaultOptions.defaults().withPacks(1 << 20, 3);

  @TempDir private Path temp;
  private final MemoryBackend backend = new MemoryBackend();
  private final Map<String, byte[]> files = new HashMap<>();
  private final SnapshotId older;
  private final SnapshotId newer;

  /// Where a pack holds what the newer snapshot needs.
  private final Map<String, List<Chunk>> needed = new HashMap<>();

  DamagedSnapshotTest() {
    try (Vault vault =
        VaultRepository.create(
            backend, passphrase(), new SecureRandom(), Clock.systemUTC(), SMALL_PACKS, 10)) {
      older = snapshot(vault, 1);
      newer = snapshot(vault, 2);
      try (SnapshotReader reader = vault.openSnapshot("postgres", newer);
          Stream<FileEntry> entries = reader.entries()) {
        entries
            .flatMap(entry -> entry.chunks().stream())
            .forEach(c -> needed.computeIfAbsent(c.pack(), pack -> new ArrayList<>()).add(c));
      }
    }
  }

  private static Passphrase passphrase() {
    return Passphrase.of("pupa".toCharArray());
  }

  private SnapshotId snapshot(Vault vault, int seed) {
    Random random = new Random(seed);
    try (SnapshotWriter writer = vault.beginSnapshot("postgres")) {
      add(writer, "global/pg_control", random, 8192);
      add(writer, "backup_label", random, 100);
      add(writer, "base-same", new Random(7), 50_000);
      add(writer, "base-large", random, 3 * SnapshotWriter.CHUNK_BYTES + 40_000);
      for (int i = 0; i < 6; i++) {
        add(writer, "base-" + i, random, 40_000);
      }
      writer.add(
          new FileEntry("global", FileEntry.Kind.DIRECTORY, 0750, 0, Instant.EPOCH, "", List.of()));
      return writer.commit(BackupFactsTest.FACTS.toMap()).id();
    }
  }

  private void add(SnapshotWriter writer, String path, Random random, int length) {
    byte[] content = new byte[length];
    random.nextBytes(content);
    files.put(path, content);
    List<Chunk> chunks = new ArrayList<>();
    for (int at = 0; at < length; at += SnapshotWriter.CHUNK_BYTES) {
      int size = Math.min(SnapshotWriter.CHUNK_BYTES, length - at);
      chunks.add(writer.store(ByteBuffer.wrap(content, at, size)));
    }
    writer.add(new FileEntry(path, FileEntry.Kind.FILE, 0600, length, Instant.EPOCH, "", chunks));
  }

  @Test
  void anUndamagedSnapshotIsRestored() throws IOException {
    Path data = temp.resolve("data");

    restore(backend, data);

    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      assertThat(Files.readAllBytes(data.resolve(file.getKey()))).isEqualTo(file.getValue());
    }
  }

  @Test
  void everyKindOfDamageIsRefusedByNameAndNoByteOfItReachesTheVolume() throws IOException {
    for (StoredDamage kind : StoredDamage.values()) {
      for (int seed = 0; seed < CASES_OF_A_KIND; seed++) {
        Random random = new Random(seed);
        String key = needed(random);
        MemoryBackend damaged = backend.copy();
        List<String> hit =
            kind.hit(damaged, key, flip(key, random), others(key), older(key), random);
        Path data = temp.resolve(kind + "-" + seed);
        String what = "seed " + seed + ": " + kind + " " + key;

        assertThatThrownBy(() -> restore(damaged, data))
            .as(what)
            .isInstanceOfSatisfying(ChrysalisException.class, e -> assertNames(hit, e));
        assertOnlyRightBytes(data, what);
      }
    }
  }

  /// An object that the restore needs.
  private String needed(Random random) {
    List<String> all = new ArrayList<>(needed.keySet());
    all.add("manifests/postgres/" + newer);
    all.add("catalog/postgres/" + newer);
    all.sort(null);
    return all.get(random.nextInt(all.size()));
  }

  /// Of a pack something that the restore reads: what else is in it, the newer snapshot lacks not.
  private int flip(String key, Random random) {
    List<Chunk> chunks = needed.get(key);
    if (chunks == null) {
      return random.nextInt(StoredDamage.bytes(backend, key).length);
    }
    Chunk chunk = chunks.get(random.nextInt(chunks.size()));
    return (int) chunk.offset() + random.nextInt(chunk.storedLength());
  }

  private List<String> others(String key) {
    return backend.keys().stream().filter(k -> !k.equals("config") && !k.equals(key)).toList();
  }

  /// The older snapshot's objects of the same kind.
  private List<String> older(String key) {
    String kind = key.substring(0, key.indexOf('/'));
    return others(key).stream()
        .filter(k -> k.startsWith(kind) && k.contains(older.value()))
        .toList();
  }

  /// A snapshot without a catalog record is none.
  private void assertNames(List<String> hit, ChrysalisException e) {
    if (e.code().equals(VaultErrors.NO_SUCH_SNAPSHOT)) {
      assertThat(hit).containsExactly("catalog/postgres/" + newer);
      assertThat(e).hasMessageContaining(newer.value());
    } else {
      assertThat(e.code().category()).isEqualTo(Category.DAMAGED);
      assertThat(hit).as(e.getMessage()).anyMatch(String.valueOf(e.getMessage())::contains);
    }
  }

  private void restore(MemoryBackend from, Path data) {
    try (Vault vault =
        VaultRepository.open(
            from, passphrase(), new SecureRandom(), Clock.systemUTC(), SMALL_PACKS)) {
      FileRestore.Request request =
          new FileRestore.Request(
              new JobId("job-1"),
              "postgres",
              newer,
              data,
              TablespacePlaces.under(temp.resolve("spaces")),
              new RecoverySettings.ToTarget(
                  new RecoveryTarget.AtConsistency(), 1, "false", Map.of()));
      Object _ = new FileRestore(vault, CopyProgress.silent(), 2).run(request);
    }
  }

  /// What is not written yet is zeros, under the file's temporary name. No server starts there.
  private void assertOnlyRightBytes(Path data, String what) throws IOException {
    if (!Files.exists(data)) {
      return;
    }
    assertThat(data.resolve("global/pg_control")).as(what).doesNotExist();
    try (Stream<Path> all = Files.walk(data)) {
      for (Path path : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        String name = data.relativize(path).toString();
        if (!name.equals(RestoreMark.BEGUN)) {
          String file = name.replace(".chrysalis-part", "");
          assertThat(files).as(what).containsKey(file);
          assertOnlyRightChunks(files.get(file), Files.readAllBytes(path), what + " in " + name);
        }
      }
    }
  }

  private static void assertOnlyRightChunks(byte[] expected, byte[] there, String what) {
    assertThat(there.length).as(what).isIn(0, expected.length);
    for (int at = 0; at < there.length; at += SnapshotWriter.CHUNK_BYTES) {
      int end = Math.min(there.length, at + SnapshotWriter.CHUNK_BYTES);
      assertThat(Arrays.copyOfRange(there, at, end))
          .as(what)
          .isIn(Arrays.copyOfRange(expected, at, end), new byte[end - at]);
    }
  }
}
