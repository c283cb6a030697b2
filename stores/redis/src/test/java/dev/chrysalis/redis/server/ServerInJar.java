package dev.chrysalis.redis.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// Redis 6.2, unpacked once from the jar that carries it.
final class ServerInJar {
  private ServerInJar() {}

  static RedisProgram program() {
    Path jar = Path.of(System.getProperty("servers", "target/servers"), "redis-6.2.jar");
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry entry =
          zip.stream()
              .filter(e -> e.getName().matches("redis-server-6\\.2\\..*-linux-amd64"))
              .findFirst()
              .orElseThrow(() -> new IOException("there is no server in " + jar));
      String name = "chrysalis-redis-" + System.getProperty("user.name");
      Path home = Path.of(System.getProperty("java.io.tmpdir"), name);
      Path program = home.resolve(entry.getName() + "-" + Long.toHexString(entry.getCrc()));
      if (!Files.isExecutable(program)) {
        unpack(zip, entry, Files.createDirectories(home), program);
      }
      return new RedisProgram(program, Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void unpack(ZipFile zip, ZipEntry entry, Path home, Path program)
      throws IOException {
    Path fresh = Files.createTempFile(home, "unpack", "");
    try (InputStream in = zip.getInputStream(entry)) {
      Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.move(fresh, program, StandardCopyOption.ATOMIC_MOVE);
  }
}
