package dev.chrysalis.vault;

import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.DirectoryBackend;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Stores a gibibyte in a new vault in a directory, with two threads, and reads it back.
final class LargeSnapshot {
  private static final int FILES = 16;
  private static final int CHUNKS = 256;
  private static final int DIRECTORIES = 100_000;
  private static final int PATTERN_BYTES = SnapshotWriter.CHUNK_BYTES / 8;

  private LargeSnapshot() {}

  public static void main(String[] args) throws Exception {
    Backend backend = DirectoryBackend.create(Path.of(args[0]));
    try (Vault vault =
        VaultRepository.create(
            backend,
            VaultFixture.passphrase(),
            new SecureRandom(),
            VaultFixture.CLOCK,
            VaultOptions.defaults(),
            100)) {
      Snapshot made = write(vault);
      try (SnapshotReader reader = vault.openSnapshot("large", made.id());
          var entries = reader.entries()) {
        long count = entries.peek(entry -> check(reader, entry)).count();
        if (count != FILES + DIRECTORIES) {
          throw new AssertionError(count + " entries");
        }
      }
    }
  }

  private static Snapshot write(Vault vault) throws Exception {
    try (SnapshotWriter writer = vault.beginSnapshot("large");
        var threads = Executors.newFixedThreadPool(2)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < FILES; i++) {
        int file = i;
        running.add(threads.submit(() -> store(writer, file)));
      }
      for (Future<?> one : running) {
        one.get();
      }
      for (int i = 0; i < DIRECTORIES; i++) {
        VaultFixture.directory(writer, "directories/with-a-long-name/" + i);
      }
      return writer.commit(Map.of());
    }
  }

  private static void store(SnapshotWriter writer, int file) {
    List<Chunk> chunks = new ArrayList<>();
    byte[] content = new byte[SnapshotWriter.CHUNK_BYTES];
    for (int i = 0; i < CHUNKS; i++) {
      fill(content, file * CHUNKS + i);
      chunks.add(writer.store(ByteBuffer.wrap(content)));
    }
    writer.add(
        new FileEntry(
            "file" + file,
            FileEntry.Kind.FILE,
            0600,
            (long) CHUNKS * SnapshotWriter.CHUNK_BYTES,
            VaultFixture.NOW,
            "",
            chunks));
  }

  private static void check(SnapshotReader reader, FileEntry entry) {
    byte[] expected = new byte[SnapshotWriter.CHUNK_BYTES];
    ByteBuffer buffer = ByteBuffer.allocate(SnapshotWriter.CHUNK_BYTES);
    for (int i = 0; i < entry.chunks().size(); i++) {
      reader.read(entry.chunks().get(i), buffer.clear());
      fill(expected, Integer.parseInt(entry.path().substring("file".length())) * CHUNKS + i);
      if (!Arrays.equals(expected, buffer.array())) {
        throw new AssertionError(entry.path() + " differs in chunk " + i);
      }
    }
  }

  /// Content that compresses to an eighth.
  private static void fill(byte[] content, int seed) {
    byte[] pattern = new byte[PATTERN_BYTES];
    new Random(seed).nextBytes(pattern);
    for (int at = 0; at < content.length; at += PATTERN_BYTES) {
      System.arraycopy(pattern, 0, content, at, PATTERN_BYTES);
    }
  }
}
