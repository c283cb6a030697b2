package dev.chrysalis.redis.agent.log;

import dev.chrysalis.redis.archive.BaseFacts;
import dev.chrysalis.redis.archive.LogStretch;
import dev.chrysalis.redis.archive.RestoreChoice;
import dev.chrysalis.redis.server.RedisRelease;
import dev.chrysalis.redis.server.TestFiles;
import dev.chrysalis.redis.server.TestRedis;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultFixture;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/// What the vault holds, in a server of its own: the least that a restore is.
final class RestoredCopy implements AutoCloseable {
  private final Path folder;
  private final TestRedis server;

  RestoredCopy(RedisRelease release, Vault vault, RestoreChoice choice) {
    try {
      folder = Files.createTempDirectory("chrysalis-restored");
      if (choice.log().isEmpty()) {
        base(vault, choice, folder.resolve("dump.rdb"));
      } else if (release.keepsManifest()) {
        manifest(vault, choice, Files.createDirectories(folder.resolve("appendonlydir")));
      } else {
        base(vault, choice, folder.resolve("appendonly.aof"));
        log(vault, choice, folder.resolve("appendonly.aof"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String appendOnly = choice.log().isPresent() ? "appendonly yes" : "appendonly no";
    server = TestRedis.over(release, folder, appendOnly, "aof-load-truncated no").start();
  }

  TestRedis server() {
    return server;
  }

  private static void manifest(Vault vault, RestoreChoice choice, Path into) throws IOException {
    String end = choice.base().format() == BaseFacts.Format.RDB ? "rdb" : "aof";
    String base = "appendonly.aof.1.base." + end;
    base(vault, choice, into.resolve(base));
    log(vault, choice, into.resolve("appendonly.aof.1.incr.aof"));
    Files.writeString(
        into.resolve("appendonly.aof.manifest"),
        "file " + base + " seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n");
  }

  private static void base(Vault vault, RestoreChoice choice, Path file) throws IOException {
    try (SnapshotReader reader = vault.openSnapshot("redis", choice.snapshot());
        Stream<FileEntry> entries = reader.entries()) {
      FileEntry base =
          entries.filter(e -> e.path().equals(BaseFacts.FILE)).findFirst().orElseThrow();
      Files.write(file, VaultFixture.read(reader, base));
    }
  }

  private static void log(Vault vault, RestoreChoice choice, Path file) throws IOException {
    try (InputStream in = LogStretch.open(vault, choice.log().orElseThrow());
        OutputStream out =
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      long _ = in.transferTo(out);
    }
  }

  @Override
  public void close() {
    server.close();
    TestFiles.deleteTree(folder);
  }
}
