package dev.chrysalis.postgres.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.Passphrase;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.VaultRepository;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.backend.MemoryBackend;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damage in a real vault stops a restore before a wrong byte reaches the volume.
class DamagedSnapshotTest {
  private static final int CASES = 40;

  @TempDir private Path temp;
  private final MemoryBackend backend = new MemoryBackend();
  private final Map<String, byte[]> files = new HashMap<>();
  private final Vault vault =
      VaultRepository.create(
          backend,
          Passphrase.of("pupa".toCharArray()),
          new SecureRandom(),
          Clock.systemUTC(),
          VaultOptions.defaults(),
          100);
  private final SnapshotId snapshot = snapshot();

  private SnapshotId snapshot() {
    Random random = new Random(1);
    try (SnapshotWriter writer = vault.beginSnapshot("postgres")) {
      add(writer, "global/pg_control", random, 8192);
      add(writer, "backup_label", random, 100);
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
    chunks.add(writer.store(ByteBuffer.wrap(content)));
    writer.add(new FileEntry(path, FileEntry.Kind.FILE, 0600, length, Instant.EPOCH, "", chunks));
  }

  @Test
  void noDamagedByteReachesTheVolume() throws IOException {
    String pack =
        backend.keys().stream().filter(k -> k.startsWith("packs/")).findFirst().orElseThrow();
    byte[] whole;
    try (InputStream in = backend.open(pack, 0, Long.MAX_VALUE)) {
      whole = in.readAllBytes();
    }
    int chunkBytes = files.values().stream().mapToInt(content -> content.length).sum();
    for (int i = 0; i < CASES; i++) {
      byte[] flipped = whole.clone();
      flipped[new Random(i).nextInt(chunkBytes)] ^= 4;
      backend.delete(pack);
      backend.create(pack, Body.of(flipped));
      Path data = temp.resolve("data-" + i);

      assertThatThrownBy(() -> restore(data))
          .isInstanceOfSatisfying(
              ChrysalisException.class,
              e -> assertThat(e.code().category()).isEqualTo(Category.DAMAGED))
          .hasMessageContaining(pack);
      assertThat(data.resolve("global/pg_control")).doesNotExist();
      assertOnlyRightBytes(data);
    }
  }

  private void restore(Path data) {
    new FileRestore(vault, CopyProgress.silent(), 2)
        .run(
            new FileRestore.Request(
                new JobId("job-1"),
                "postgres",
                snapshot,
                data,
                TablespacePlaces.under(temp.resolve("spaces")),
                new RecoverySettings.ToTarget(
                    new RecoveryTarget.AtConsistency(), 1, "false", Map.of())));
  }

  /// A file that is not written yet holds zeros under its temporary name.
  private void assertOnlyRightBytes(Path data) throws IOException {
    try (Stream<Path> all = Files.walk(data)) {
      for (Path path : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        String name = data.relativize(path).toString().replace(".chrysalis-part", "");
        byte[] expected = files.get(name);
        if (expected != null) {
          byte[] there = Files.readAllBytes(path);
          assertThat(there).as(path.toString()).isIn(expected, new byte[expected.length]);
        }
      }
    }
  }
}
