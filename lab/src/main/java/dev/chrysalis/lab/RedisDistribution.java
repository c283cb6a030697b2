package dev.chrysalis.lab;

import dev.chrysalis.model.ChrysalisException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/// Redis's server program, unpacked; it is the Sentinel too. Source: the jar
/// `com.github.codemonstur:embedded-redis`, which holds one program for each system.
///
/// @param server the program
public record RedisDistribution(Path server) {
  private static final Pattern ENTRY = Pattern.compile("redis-server-6\\.2\\..*-linux-amd64");

  /// Unpacks the program into a folder, which is made where it is missing. The program stands only
  /// when all of it was unpacked.
  public static RedisDistribution unpack(Path archive, Path home) {
    Path server = home.resolve("redis-server");
    Path partial = home.resolve("redis-server.partial");
    try (ZipInputStream jar =
        new ZipInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
      Files.createDirectories(home);
      ZipEntry entry = jar.getNextEntry();
      while (entry != null && !ENTRY.matcher(entry.getName()).matches()) {
        entry = jar.getNextEntry();
      }
      if (entry == null) {
        throw unusable(archive, null);
      }
      Files.copy(jar, partial, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwx------"));
      Files.move(partial, server, StandardCopyOption.ATOMIC_MOVE);
      return new RedisDistribution(server);
    } catch (IOException e) {
      throw unusable(archive, e);
    }
  }

  private static ChrysalisException unusable(Path archive, @Nullable IOException cause) {
    boolean missing = cause instanceof NoSuchFileException;
    return new ChrysalisException(
        LabErrors.NO_SERVER_ARCHIVE,
        "Redis's server archive " + archive + (missing ? " is not there" : " cannot be unpacked"),
        missing ? "build the lab first: ./mvnw package" : "check the room on the disk",
        cause);
  }
}
