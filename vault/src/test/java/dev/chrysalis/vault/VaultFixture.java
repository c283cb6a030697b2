package dev.chrysalis.vault;

import dev.chrysalis.vault.backend.Backend;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Vaults and content for tests.
public final class VaultFixture {
  public static final Instant NOW = Instant.parse("2026-11-23T02:15:30Z");
  public static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  public static final VaultOptions SMALL = VaultOptions.defaults().withPacks(1 << 20, 3);

  private static final int ITERATIONS = 100;

  private VaultFixture() {}

  public static Passphrase passphrase() {
    return Passphrase.of("correct horse".toCharArray());
  }

  public static VaultRepository create(Backend backend) {
    return VaultRepository.create(
        backend, passphrase(), new SecureRandom(), CLOCK, SMALL, ITERATIONS);
  }

  public static VaultRepository open(Backend backend) {
    return open(backend, SMALL);
  }

  public static VaultRepository open(Backend backend, VaultOptions options) {
    return VaultRepository.open(backend, passphrase(), new SecureRandom(), CLOCK, options);
  }

  /// Content that compresses to about half.
  public static byte[] content(long seed, int length) {
    Random random = new Random(seed);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) random.nextInt(16);
    }
    return bytes;
  }

  public static byte[] noise(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /// Stores a file in chunks and adds it.
  public static void file(SnapshotWriter writer, String path, byte[] content) {
    List<Chunk> chunks = new ArrayList<>();
    for (int at = 0; at < content.length; at += SnapshotWriter.CHUNK_BYTES) {
      int length = Math.min(SnapshotWriter.CHUNK_BYTES, content.length - at);
      chunks.add(writer.store(ByteBuffer.wrap(content, at, length)));
    }
    writer.add(new FileEntry(path, FileEntry.Kind.FILE, 0640, content.length, NOW, "", chunks));
  }

  public static void directory(SnapshotWriter writer, String path) {
    writer.add(new FileEntry(path, FileEntry.Kind.DIRECTORY, 0750, 0, NOW, "", List.of()));
  }

  /// Writes a snapshot of these files.
  public static Snapshot snapshot(Vault vault, String store, Map<String, byte[]> files) {
    try (SnapshotWriter writer = vault.beginSnapshot(store)) {
      files.forEach((path, content) -> file(writer, path, content));
      return writer.commit(Map.of("version", "18"));
    }
  }

  /// Reads a file of a snapshot whole.
  public static byte[] read(SnapshotReader reader, FileEntry entry) {
    ByteBuffer all = ByteBuffer.allocate((int) entry.size());
    for (Chunk chunk : entry.chunks()) {
      reader.read(chunk, all);
    }
    return all.array();
  }

  /// The stored bytes of an object.
  public static byte[] bytes(Backend backend, String key) {
    try (InputStream in = backend.open(key, 0, Long.MAX_VALUE)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
