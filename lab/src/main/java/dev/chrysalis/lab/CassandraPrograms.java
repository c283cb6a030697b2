package dev.chrysalis.lab;

import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What Cassandra runs from, as it lies on this machine: its jars, and a JDK of its own, since 5.0
/// runs on Java 11 and 17 and on nothing newer.
///
/// @param libraries the folder with its jars (`servers/cassandra/target/lib`)
/// @param java that JDK's launcher; empty where none was found
public record CassandraPrograms(Path libraries, Optional<Path> java) {
  private static final Path USUAL = Path.of("/usr/lib/jvm");

  /// Looks for a JDK: the one that `CHRYSALIS_JAVA17` names, else one where systems keep them.
  ///
  /// @param environment the process's environment
  public static CassandraPrograms find(Path libraries, Map<String, String> environment) {
    String named = environment.getOrDefault("CHRYSALIS_JAVA17", "");
    Optional<Path> home = named.isEmpty() ? among(USUAL) : Optional.of(Path.of(named));
    return new CassandraPrograms(libraries, home.map(jdk -> jdk.resolve("bin/java")));
  }

  static Optional<Path> among(Path folder) {
    try (Stream<Path> found = Files.list(folder)) {
      return found
          .filter(jdk -> major(jdk.resolve("release")).filter(v -> v.equals("17")).isPresent())
          .min(Path::compareTo);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> major(Path release) {
    if (!Files.isRegularFile(release)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(release)) {
      return lines
          .filter(line -> line.startsWith("JAVA_VERSION="))
          .map(line -> line.replaceAll("[^0-9.]", "").replaceFirst("\\..*", ""))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Refused where there is no such JDK, or the jars are not there.
  void require() {
    if (!Files.isDirectory(libraries)) {
      throw new ChrysalisException(
          LabErrors.NO_SERVER_ARCHIVE,
          "Cassandra's jars are not in " + libraries,
          "build the lab first: ./mvnw package");
    }
    Path _ = launcher();
  }

  Path launcher() {
    return java.filter(Files::isExecutable)
        .orElseThrow(() ->
            new ChrysalisException(
                LabErrors.NO_JDK,
                "Cassandra needs a JDK 17, and there is none in " + USUAL,
                "install one (Debian: apt-get install openjdk-17-jre-headless) or name it with"
                    + " CHRYSALIS_JAVA17; or make a lab without capsule and plato: chrysalis lab up"
                    + " --services odyssey,nexus"));
  }

  /// Copies the jars: the lab's unprivileged user may be unable to read where they lie.
  CassandraPrograms copyTo(Path folder) throws IOException {
    FileTree.copy(libraries, folder);
    return new CassandraPrograms(folder, java);
  }
}
