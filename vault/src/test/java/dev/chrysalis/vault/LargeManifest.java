package dev.chrysalis.vault;

import dev.chrysalis.vault.backend.DirectoryBackend;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Makes a snapshot of a terabyte, of which only a few chunks are different, and reads its entries
/// back as a restore does.
final class LargeManifest {
  private static final int FILES = 1024;
  private static final int CHUNKS = 4096;
  private static final int DIFFERENT = 8;

  private LargeManifest() {}

  public static void main(String[] args) {
    try (Vault vault =
        VaultRepository.create(
            DirectoryBackend.create(Path.of(args[0])),
            VaultFixture.passphrase(),
            new SecureRandom(),
            VaultFixture.CLOCK,
            VaultOptions.defaults(),
            100)) {
      Snapshot made = write(vault);
      try (SnapshotReader reader = vault.openSnapshot("large", made.id());
          Stream<FileEntry> entries = reader.entries()) {
        long bytes = entries.mapToLong(FileEntry::size).sum();
        if (bytes != (long) FILES * CHUNKS * SnapshotWriter.CHUNK_BYTES) {
          throw new AssertionError(bytes + " bytes");
        }
      }
    }
  }

  private static Snapshot write(Vault vault) {
    try (SnapshotWriter writer = vault.beginSnapshot("large")) {
      List<Chunk> different = new ArrayList<>();
      for (int i = 0; i < DIFFERENT; i++) {
        byte[] content = new byte[SnapshotWriter.CHUNK_BYTES];
        content[i] = 1;
        different.add(writer.store(ByteBuffer.wrap(content)));
      }
      for (int file = 0; file < FILES; file++) {
        writer.add(file("file" + file, different));
      }
      return writer.commit(Map.of());
    }
  }

  private static FileEntry file(String path, List<Chunk> different) {
    List<Chunk> chunks = new ArrayList<>(CHUNKS);
    for (int i = 0; i < CHUNKS; i++) {
      chunks.add(different.get(i % DIFFERENT));
    }
    long size = (long) CHUNKS * SnapshotWriter.CHUNK_BYTES;
    return new FileEntry(path, FileEntry.Kind.FILE, 0600, size, VaultFixture.NOW, "", chunks);
  }
}
