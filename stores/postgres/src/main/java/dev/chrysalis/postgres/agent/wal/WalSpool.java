package dev.chrysalis.postgres.agent.wal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.PostgresErrors;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// The directory over which a feeder and a server's `restore_command` speak. It may be shared by
/// two containers; the server's needs no more than a POSIX shell.
///
/// - `fetch-wal`: the script that is the `restore_command`
/// - `wanted/NAME.ID`: made by the script that waits for a file
/// - `answers/NAME.ID.file|absent|lost`: what it gets
/// - `ready/NAME`: files that will be wanted soon
/// - `idle`: nobody feeds and nobody is to wait: a standby then lives from streaming alone
/// - `standby`: a standby is fed, which need not wait for a feeder that hangs or is gone
/// - `alive`: a number that a feeder at work changes every second
///
/// All files belong to the directory's owner, who must be the user that the server runs as. Safe
/// for threads.
public final class WalSpool {
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> PRIVATE_FILE =
      PosixFilePermissions.fromString("rw-------");

  /// How long a standby waits for a sign of life of its feeder.
  private static final Duration SIGN = Duration.ofSeconds(20);

  private final Path directory;

  private WalSpool(Path directory) {
    this.directory = directory;
  }

  /// Makes the spool (again) in a directory that is there, with a script that waits so long for an
  /// answer before it stops the server. A spool that was idle stays idle until it is fed.
  public static WalSpool install(Path directory, Duration patience) {
    return install(directory, patience, SIGN);
  }

  /// The same.
  ///
  /// @param sign how long the script of a standby waits for a sign of life of its feeder
  static WalSpool install(Path directory, Duration patience, Duration sign) {
    if (patience.toSeconds() < 1) {
      throw new IllegalArgumentException("the script waits at least a second");
    }
    WalSpool spool = new WalSpool(directory.toAbsolutePath().normalize());
    try (InputStream script =
        Objects.requireNonNull(WalSpool.class.getResourceAsStream("fetch-wal"))) {
      for (String part : List.of("wanted", "answers", "ready")) {
        spool.makeDirectory(spool.directory.resolve(part));
      }
      String text =
          new String(script.readAllBytes(), UTF_8)
              .replace("@PATIENCE@", Long.toString(patience.toSeconds()))
              .replace("@SIGN@", Long.toString(sign.toSeconds()));
      spool.publish(spool.directory.resolve("fetch-wal"), out -> out.write(text.getBytes(UTF_8)));
      return spool;
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  /// The `restore_command` for a server that sees the spool under this path.
  public static String restoreCommand(Path spoolAsTheServerSeesIt) {
    String path = spoolAsTheServerSeesIt.toString();
    if (path.indexOf('\n') >= 0 || path.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("not a path for a command: " + path);
    }
    String quoted = path.replace("'", "'\\''").replace("%", "%%");
    return "sh '" + quoted + "/fetch-wal' %f \"%p\"";
  }

  public Path directory() {
    return directory;
  }

  /// Tells the script not to wait for anybody.
  public void idle() {
    try {
      publish(directory.resolve("idle"), out -> {});
      clear("ready");
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  /// Whom the next feeder feeds: a standby, or a server that recovers to a target and must wait for
  /// every record up to there.
  public void feeds(boolean standby) {
    try {
      if (standby) {
        publish(directory.resolve("standby"), out -> {});
      } else {
        Files.deleteIfExists(directory.resolve("standby"));
      }
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  /// Gives a sign of life. Neither put in place at once nor on disk: a half-written one is a sign
  /// too, and two feeders may write it.
  ///
  /// @param beat another number than the last time
  void alive(long beat) throws IOException {
    Path alive = directory.resolve("alive");
    Files.writeString(alive, beat + "\n");
    giveToOwner(alive);
  }

  /// Begins to feed: what a feeder before us left is removed, requests stay.
  void feeding() {
    try {
      clear("ready");
      clear("answers");
      Files.deleteIfExists(directory.resolve("idle"));
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  List<Path> list(String part) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(part))) {
      return files.filter(f -> !f.getFileName().toString().startsWith(".")).sorted().toList();
    }
  }

  Path wanted() {
    return directory.resolve("wanted");
  }

  Path answer(String request, String kind) {
    return directory.resolve("answers").resolve(request + "." + kind);
  }

  Path ready(String name) {
    return directory.resolve("ready").resolve(name);
  }

  /// Writes a file's content.
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /// Puts a file in place at once, complete and on disk.
  void publish(Path file, Content content) throws IOException {
    Path part = file.resolveSibling("." + UUID.randomUUID());
    try {
      try (FileChannel channel =
          FileChannel.open(
              part,
              Set.of(CREATE_NEW, WRITE),
              PosixFilePermissions.asFileAttribute(PRIVATE_FILE))) {
        BufferedOutputStream out =
            new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        content.writeTo(out);
        out.flush();
        channel.force(true);
      }
      giveToOwner(part);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void clear(String part) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(part))) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private void makeDirectory(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PRIVATE));
      giveToOwner(path);
    }
  }

  /// An agent may run as root beside a server that does not.
  private void giveToOwner(Path path) throws IOException {
    for (String id : List.of("unix:uid", "unix:gid")) {
      Object owner = Files.getAttribute(directory, id);
      if (!owner.equals(Files.getAttribute(path, id, LinkOption.NOFOLLOW_LINKS))) {
        Files.setAttribute(path, id, owner, LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  static ChrysalisException failed(Path path, IOException e) {
    String what = e instanceof NoSuchFileException ? "there is no " : "";
    return new ChrysalisException(
        PostgresErrors.VOLUME_FAILED,
        "The spool %s cannot be used: %s%s".formatted(path, what, e.getMessage()),
        "see that the directory exists, has room, and belongs to the server's user",
        e);
  }
}
