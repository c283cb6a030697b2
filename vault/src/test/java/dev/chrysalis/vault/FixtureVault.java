package dev.chrysalis.vault;

import dev.chrysalis.vault.backend.MemoryBackend;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// Writes the vault that is kept for a format's version, into an empty directory: its argument. Run
/// once when a format is released.
final class FixtureVault {
  static final String STORE = "redis";
  static final LogName LOG = new LogName(STORE, "redis-0/aof");
  static final byte[] RECORD = "{\"step\":\"fence\"}".getBytes(StandardCharsets.UTF_8);

  private FixtureVault() {}

  static Map<String, byte[]> files(int snapshot) {
    Map<String, byte[]> files = new TreeMap<>();
    files.put("appendonlydir/empty", new byte[0]);
    files.put("appendonlydir/one.aof", VaultFixture.content(snapshot, 900));
    files.put("dump.rdb", VaultFixture.content(7, 300_000 / 200));
    files.put("noise", VaultFixture.noise(snapshot, 200));
    files.put("zeroes", new byte[300_000]);
    return files;
  }

  static byte[] piece(int number) {
    return VaultFixture.content(number, 600);
  }

  public static void main(String[] args) throws Exception {
    MemoryBackend backend = new MemoryBackend();
    for (int i = 0; i < 2; i++) {
      Clock clock = Clock.offset(VaultFixture.CLOCK, Duration.ofHours(i));
      try (Vault vault = opened(backend, clock)) {
        try (SnapshotWriter writer = vault.beginSnapshot(STORE)) {
          files(i).forEach((path, content) -> VaultFixture.file(writer, path, content));
          writer.commit(Map.of("snapshot", "" + i));
        }
      }
    }
    try (Vault vault = opened(backend, VaultFixture.CLOCK)) {
      LogStream log = vault.log(LOG);
      log.append(1000, 1600, ByteBuffer.wrap(piece(0)), Map.of("piece", "0"));
      log.append(1600, 2000, ByteBuffer.wrap(piece(1)), Map.of("piece", "1"));
      log.append(3000, 3100, ByteBuffer.wrap(piece(2)), Map.of("piece", "2"));
      vault.records().create("runs/r1/000001", RECORD);
    }
    for (String key : backend.keys()) {
      Path file = Path.of(args[0]).resolve(key);
      Files.createDirectories(file.getParent());
      try (var in = backend.open(key, 0, Long.MAX_VALUE)) {
        Files.write(file, in.readAllBytes());
      }
    }
  }

  private static Vault opened(MemoryBackend backend, Clock clock) {
    SecureRandom random = new SecureRandom();
    return backend.keys().isEmpty()
        ? VaultRepository.create(
            backend, VaultFixture.passphrase(), random, clock, VaultFixture.SMALL, 100)
        : VaultRepository.open(
            backend, VaultFixture.passphrase(), random, clock, VaultFixture.SMALL);
  }
}
