package dev.chrysalis.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/// The user that the tests' servers run as: uid 65534 under root, else the tests' own user.
public final class ServerUser {
  private static final int NOBODY = 65534;

  private ServerUser() {}

  /// Gives a file or directory tree to the user that servers run as.
  public static void own(Path root) {
    try (Stream<Path> all = Files.walk(root)) {
      if (isRoot()) {
        for (Path path : all.toList()) {
          Files.setAttribute(path, "unix:uid", NOBODY, LinkOption.NOFOLLOW_LINKS);
          Files.setAttribute(path, "unix:gid", NOBODY, LinkOption.NOFOLLOW_LINKS);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Copies a directory as it is (a server may be writing into it: vanished files are left out).
  public static void copyTree(Path from, Path to) {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path source : all.toList()) {
        Path target = to.resolve(from.relativize(source).toString());
        if (Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
          Files.copy(source, target, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(Path file, String text) {
    try {
      Files.writeString(
          file, text, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
      own(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Runs a program of PostgreSQL to its end; fails unless it ends well.
  static void run(Path workingDirectory, Path program, List<String> arguments) {
    List<String> command = command();
    command.add(program.toString());
    command.addAll(arguments);
    try {
      Process running =
          new ProcessBuilder(command)
              .directory(workingDirectory.toFile())
              .redirectErrorStream(true)
              .start();
      String output = new String(running.getInputStream().readAllBytes(), UTF_8);
      if (running.waitFor() != 0) {
        throw new IllegalStateException(program + ": " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// The beginning of a command that runs as that user; the program is to be added.
  static List<String> command() {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY));
      command.add("--clear-groups");
    }
    return command;
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /// A loopback address on which nothing uses the standard port.
  static String freeAddress() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    for (int i = 0; i < 100; i++) {
      String address =
          "127.%d.%d.%d"
              .formatted(random.nextInt(16, 250), random.nextInt(256), random.nextInt(1, 255));
      try (ServerSocket probe = new ServerSocket()) {
        probe.bind(new InetSocketAddress(InetAddress.getByName(address), 5432));
        return address;
      } catch (IOException taken) {
        // Taken: try another.
      }
    }
    throw new IllegalStateException("no free loopback address");
  }
}
