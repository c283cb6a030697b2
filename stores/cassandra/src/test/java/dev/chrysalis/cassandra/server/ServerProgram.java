package dev.chrysalis.cassandra.server;

import dev.chrysalis.cassandra.ServerJvm;
import dev.chrysalis.cassandra.agent.load.LoaderProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How the server is started: its jars, a JDK that it runs on, and flags that make it small.
final class ServerProgram {
  private static final Path BUILT =
      Path.of("..", "..", "servers", "cassandra", "target").toAbsolutePath().normalize();
  private static final Path LIBRARIES = BUILT.resolve("lib");

  /// Those of 5.0, where the server is of another release (docs/cassandra.md).
  private static final Path OF_LOADER = BUILT.resolve("loader");

  private static final Path JDKS = Path.of("/usr/lib/jvm");
  private static final int NOBODY = 65534;

  private static final List<String> SMALL =
      List.of(
          "-Xms128M",
          "-Xmx384M",
          "-Xss256k",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Dcassandra.skip_wait_for_gossip_to_settle=0",
          "-Dcassandra.ring_delay_ms=1000",
          "-Dcassandra.shutdown_announce_in_ms=0",
          "-Dcassandra.superuser_setup_delay_ms=0",
          "-Dcassandra-foreground=yes");

  /// Releases that were made for Java 11 measure their objects so.
  private static final List<String> OPENED_FOR_4 =
      List.of(
          "java.io",
          "java.lang",
          "java.lang.reflect",
          "java.net",
          "java.nio",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "java.util.concurrent.locks",
          "java.util.regex",
          "sun.nio.ch");

  private ServerProgram() {}

  /// The command that runs a node.
  ///
  /// @param folder holds `conf`
  static List<String> command(Path folder, List<String> more) {
    List<String> command = new ArrayList<>(asServerUser());
    command.add(jdk().resolve("bin/java").toString());
    command.addAll(ServerJvm.OPENED);
    if (isRelease("4.0") || isRelease("4.1")) {
      command.add("-javaagent:" + LIBRARIES.resolve("jamm-0.3.2.jar"));
      OPENED_FOR_4.forEach(name -> command.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
    }
    command.addAll(SMALL);
    Path conf = folder.resolve("conf");
    command.add("-Dcassandra.config=" + conf.resolve("cassandra.yaml").toUri());
    command.add(
        "-Dcassandra-rackdc.properties=" + conf.resolve("cassandra-rackdc.properties").toUri());
    command.add("-Dcassandra.storagedir=" + folder);
    // Where it unpacks libraries: one that is killed leaves them.
    command.add("-Djava.io.tmpdir=" + temporary(folder));
    command.addAll(more);
    command.addAll(List.of("-cp", conf + ":" + LIBRARIES + "/*"));
    command.add("org.apache.cassandra.service.CassandraDaemon");
    return command;
  }

  private static Path temporary(Path folder) {
    try {
      Path temporary = Files.createDirectories(folder.resolve("temporary"));
      own(temporary);
      return temporary;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether the server is one of that line of releases: `4.1`.
  static boolean isRelease(String line) {
    try (Stream<Path> jars = Files.list(LIBRARIES)) {
      return jars.anyMatch(
          jar -> String.valueOf(jar.getFileName()).startsWith("cassandra-all-" + line + "."));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What the bulk loader of the tests runs from.
  static LoaderProgram loader() {
    return new LoaderProgram(
        jdk().resolve("bin/java"), Files.isDirectory(OF_LOADER) ? OF_LOADER : LIBRARIES);
  }

  /// As root Cassandra locks its heap in memory: it runs as nobody then.
  private static List<String> asServerUser() {
    return isRoot()
        ? List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--")
        : List.of();
  }

  /// Gives a file or folder to whom the server runs as.
  static void own(Path path) throws IOException {
    if (isRoot()) {
      Files.setAttribute(path, "unix:uid", NOBODY);
      Files.setAttribute(path, "unix:gid", NOBODY);
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /// Cassandra 5.0 runs on 11 and 17 and on nothing newer.
  private static Path jdk() {
    String told = System.getenv("CHRYSALIS_TEST_JAVA17");
    if (told != null) {
      return Path.of(told);
    }
    try (Stream<Path> found = Files.list(JDKS)) {
      return found
          .filter(jdk -> version(jdk).filter(v -> v.startsWith("17")).isPresent())
          .min(Path::compareTo)
          .orElseThrow(ServerProgram::noJdk);
    } catch (IOException e) {
      throw noJdk();
    }
  }

  private static IllegalStateException noJdk() {
    return new IllegalStateException(
        "Cassandra needs a JDK 17 and there is none in "
            + JDKS
            + ": apt-get install openjdk-17-jre-headless, or set CHRYSALIS_TEST_JAVA17");
  }

  private static Optional<String> version(Path jdk) {
    Path release = jdk.resolve("release");
    if (!Files.isRegularFile(release)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(release)) {
      return lines
          .filter(line -> line.startsWith("JAVA_VERSION="))
          .map(line -> line.replaceAll("[^0-9.]", ""))
          .findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
