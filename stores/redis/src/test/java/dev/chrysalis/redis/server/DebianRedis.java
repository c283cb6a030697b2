package dev.chrysalis.redis.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Debian's Redis 7.0, unpacked from its packages, which are fetched once for all tests of this
/// machine. Needs no root.
final class DebianRedis {
  private static final List<String> PACKAGES =
      List.of("redis-server", "redis-tools", "liblzf1", "libjemalloc2");
  private static final String LIBRARIES = "usr/lib/x86_64-linux-gnu";
  private static final long MINUTES = 5;

  private DebianRedis() {}

  static synchronized RedisProgram program() {
    String name = "chrysalis-redis-" + System.getProperty("user.name");
    Path home = Path.of(System.getProperty("java.io.tmpdir"), name);
    try {
      Path unpacked = home.resolve("debian-7.0");
      if (!Files.isExecutable(unpacked.resolve("usr/bin/redis-server"))) {
        unpack(Files.createDirectories(home), unpacked);
      }
      return new RedisProgram(
          unpacked.resolve("usr/bin/redis-server"),
          Map.of("LD_LIBRARY_PATH", unpacked.resolve(LIBRARIES).toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void unpack(Path home, Path unpacked) throws IOException, InterruptedException {
    Path fresh = Files.createTempDirectory(home, "fetched");
    String said = run(fresh, apt(List.of(), "download"));
    if (archives(fresh).size() < PACKAGES.size()) {
      // This machine has no lists of packages: get them for this folder only.
      List<String> own = ownLists(fresh);
      said += run(fresh, apt(own, "update")) + run(fresh, apt(own, "download"));
    }
    Path contents = fresh.resolve("contents");
    for (Path archive : archives(fresh)) {
      said += run(fresh, List.of("dpkg-deb", "-x", archive.toString(), contents.toString()));
    }
    if (!Files.isExecutable(contents.resolve("usr/bin/redis-server"))) {
      throw new IOException("Debian's packages of Redis cannot be had:\n" + said);
    }
    try {
      Files.move(contents, unpacked);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      // Another test was faster; its contents are the same.
    }
    TestFiles.deleteTree(fresh);
  }

  private static List<Path> archives(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".deb")).toList();
    }
  }

  private static List<String> ownLists(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("state/lists/partial"));
    Files.createDirectories(folder.resolve("cache/archives/partial"));
    return List.of(
        "-o",
        "Dir::State::lists=" + folder.resolve("state/lists"),
        "-o",
        "Dir::Cache=" + folder.resolve("cache"));
  }

  private static List<String> apt(List<String> options, String word) {
    List<String> command = new ArrayList<>(List.of("apt-get"));
    command.addAll(options);
    command.add(word);
    if (word.equals("download")) {
      command.addAll(PACKAGES);
    }
    return command;
  }

  private static String run(Path folder, List<String> command)
      throws IOException, InterruptedException {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        return command + " did not end\n";
      }
      return command + ": " + process.exitValue() + "\n" + Files.readString(output);
    } finally {
      process.destroyForcibly();
    }
  }
}
