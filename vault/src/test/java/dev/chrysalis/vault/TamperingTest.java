package dev.chrysalis.vault;

import static dev.chrysalis.vault.VaultFixture.SMALL;
import static dev.chrysalis.vault.VaultFixture.content;
import static dev.chrysalis.vault.VaultFixture.directory;
import static dev.chrysalis.vault.VaultFixture.file;
import static dev.chrysalis.vault.VaultFixture.noise;
import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Whatever is done to an object of a vault, whoever reads all of it is told, by the object's name.
class TamperingTest {
  private static final LogName LOG = new LogName("redis", "aof");
  private static final Set<ErrorCode> DAMAGE =
      Set.of(VaultErrors.OBJECT_DAMAGED, VaultErrors.FORMAT_TOO_NEW);

  private final MemoryBackend pristine = smallVault();
  private final List<String> keys =
      // Nobody reads a session again but prune, which looks at its name.
      pristine.keys().stream().filter(key -> !key.startsWith("sessions/")).toList();

  @Test
  void theSmallVaultIsWhole() {
    assertThat(firstDamage(pristine)).isEmpty();
    assertThat(keys).hasSize(19);
  }

  @Test
  void everyFlippedBitIsFound() {
    Random random = new Random(1);
    for (String key : keys) {
      byte[] bytes = bytes(pristine, key);
      int step = Math.max(1, bytes.length / 120);
      for (int at = random.nextInt(step); at < bytes.length; at += step) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        assertFound(key, flipped, "byte " + at + " flipped");
      }
      for (int at = Math.max(0, bytes.length - 24); at < bytes.length; at++) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        assertFound(key, flipped, "byte " + at + " flipped");
      }
    }
  }

  @Test
  void everyCutIsFound() {
    Random random = new Random(2);
    for (String key : keys) {
      byte[] bytes = bytes(pristine, key);
      for (int i = 0; i < 12; i++) {
        int length = i == 0 ? bytes.length - 1 : i == 1 ? 0 : random.nextInt(bytes.length);
        assertFound(key, Arrays.copyOf(bytes, length), "cut to " + length);
      }
    }
  }

  @Test
  void everyAdditionIsFound() {
    for (String key : keys) {
      byte[] bytes = bytes(pristine, key);
      assertFound(key, Arrays.copyOf(bytes, bytes.length + 1), "one byte added");
    }
  }

  @Test
  void everySwapIsFound() {
    MemoryBackend another = smallVault();
    for (String key : keys) {
      for (String other : keys) {
        if (!key.equals(other)) {
          assertFound(key, bytes(pristine, other), "replaced by " + other);
        }
      }
      if (another.size(key).isPresent() && !key.equals("config")) {
        assertFound(key, bytes(another, key), "replaced by another vault's");
      }
    }
  }

  private void assertFound(String key, byte[] bytes, String what) {
    MemoryBackend tampered = pristine.copy();
    tampered.delete(key);
    tampered.create(key, Body.of(bytes));
    Optional<ChrysalisException> found = firstDamage(tampered);
    assertThat(found).as("%s: %s", key, what).isPresent();
    assertThat(DAMAGE).as("%s: %s: %s", key, what, found).contains(found.get().code());
    if (!key.equals("config")) {
      assertThat(found.get()).as("%s: %s", key, what).hasMessageContaining(key);
    }
  }

  /// Reads everything there is to read; the first damage that is told.
  private static Optional<ChrysalisException> firstDamage(MemoryBackend backend) {
    List<ChrysalisException> notices = new ArrayList<>();
    try (Vault vault = VaultFixture.open(backend, SMALL.withNotices(notices::add))) {
      for (Snapshot snapshot : vault.snapshots("redis")) {
        readAll(vault, snapshot);
      }
      for (LogName name : vault.logs("redis")) {
        vault.log(name).extents();
        try (var pieces = vault.log(name).pieces(0, Long.MAX_VALUE)) {
          pieces.forEach(piece -> drain(vault.log(name).open(piece)));
        }
      }
      for (String key : vault.records().keys("")) {
        vault.records().read(key);
      }
      vault.beginSnapshot("redis").close();
      readFooters(backend, notices);
    } catch (ChrysalisException e) {
      return Optional.of(e);
    }
    return notices.stream().findFirst();
  }

  private static void readFooters(MemoryBackend backend, List<ChrysalisException> notices) {
    MemoryBackend bare = backend.copy();
    bare.keys().stream().filter(key -> key.startsWith("index/")).forEach(bare::delete);
    try (Vault vault = VaultFixture.open(bare, SMALL.withNotices(notices::add))) {
      vault.beginSnapshot("redis").close();
    }
  }

  private static void readAll(Vault vault, Snapshot snapshot) {
    try (SnapshotReader reader = vault.openSnapshot("redis", snapshot.id());
        var entries = reader.entries()) {
      ByteBuffer buffer = ByteBuffer.allocate(SnapshotWriter.CHUNK_BYTES);
      entries
          .flatMap(entry -> entry.chunks().stream())
          .forEach(chunk -> reader.read(chunk, buffer.clear()));
      for (String pack : reader.missingPacks()) {
        throw new ChrysalisException(
            VaultErrors.OBJECT_DAMAGED, pack + " has another size", "none");
      }
    }
  }

  private static MemoryBackend smallVault() {
    MemoryBackend backend = new MemoryBackend();
    try (Vault vault = VaultFixture.create(backend)) {
      for (int i = 0; i < 2; i++) {
        try (SnapshotWriter writer = vault.beginSnapshot("redis")) {
          directory(writer, "data");
          file(writer, "data/dump.rdb", content(i, 3000));
          file(writer, "data/same", content(7, 2000));
          file(writer, "data/noise", noise(i, 500));
          writer.commit(Map.of("version", "7." + i));
        }
      }
      LogStream log = vault.log(LOG);
      log.append(5, 505, ByteBuffer.wrap(content(1, 500)), Map.of("a", "b"));
      log.append(505, 1005, ByteBuffer.wrap(content(2, 500)), Map.of());
      vault.records().create("lease/000001", noise(3, 100));
      vault.records().create("lease/000002", noise(4, 100));
    }
    // Packs whose footers are read, beside those whose indexes are.
    backend.keys().stream()
        .filter(key -> key.startsWith("index/"))
        .toList()
        .forEach(backend::delete);
    try (Vault vault = VaultFixture.open(backend);
        SnapshotWriter writer = vault.beginSnapshot("redis")) {
      writer.commit(Map.of());
    }
    try (Vault vault = VaultFixture.open(backend);
        SnapshotWriter writer = vault.beginSnapshot("redis")) {
      file(writer, "data/third", noise(9, 100));
      writer.commit(Map.of());
    }
    String lastIndex =
        backend.keys().stream()
            .filter(key -> key.startsWith("index/"))
            .reduce((a, b) -> b)
            .orElseThrow();
    backend.delete(lastIndex);
    return backend;
  }

  private static byte[] bytes(MemoryBackend backend, String key) {
    return drain(backend.open(key, 0, Long.MAX_VALUE));
  }

  private static byte[] drain(InputStream stream) {
    try (stream) {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
