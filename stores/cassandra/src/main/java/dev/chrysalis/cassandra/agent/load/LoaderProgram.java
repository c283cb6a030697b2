package dev.chrysalis.cassandra.agent.load;

import dev.chrysalis.bulkloader.LoaderMain;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.ServerJvm;
import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the bulk loader runs from: Cassandra's own classes, of 5.0, on a JDK that they run on.
/// Those speak with nodes of 4.0 and 4.1 as well, as in a ring that is being upgraded.
///
/// @param java the JDK's launcher
/// @param libraries the folder of Cassandra's jars: `/opt/cassandra/lib`
public record LoaderProgram(Path java, Path libraries) {
  private static final Pattern JAR =
      Pattern.compile("(?:apache-cassandra|cassandra-all)-(\\d+\\.\\d+)[0-9.]*(?:-.*)?\\.jar");
  private static final String RELEASE = "5.0";

  /// `NO_LOADER` where there are none, or of another release.
  void require() {
    if (!Files.isExecutable(java)) {
      throw none("there is no java at " + java);
    }
    List<String> releases = releases();
    if (!releases.contains(RELEASE)) {
      throw none(
          releases.isEmpty()
              ? "Cassandra's jars are not in " + libraries
              : "the jars in %s are of Cassandra %s".formatted(libraries, releases.getFirst()));
    }
  }

  private List<String> releases() {
    List<String> releases = new ArrayList<>();
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(libraries, "*cassandra*.jar")) {
      for (Path jar : jars) {
        Matcher m = JAR.matcher(String.valueOf(jar.getFileName()));
        if (m.matches()) {
          releases.add(m.group(1));
        }
      }
    } catch (IOException e) {
      return List.of();
    }
    return releases;
  }

  private static ChrysalisException none(String message) {
    return new ChrysalisException(
        CassandraErrors.NO_LOADER,
        message,
        "nothing was touched; tables are streamed by Cassandra 5.0's own classes, on Java 17, also"
            + " into a ring of 4.0 or 4.1: name them with --server-java and --server-libraries");
  }

  /// The command line that runs it.
  ///
  /// @param temporary where its libraries put files
  List<String> command(Path temporary) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(ServerJvm.OPENED);
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+UseSerialGC",
            "-Djava.io.tmpdir=" + temporary,
            "-Dlogback.configurationFile=bulkloader-logback.xml",
            "-cp",
            own() + ":" + libraries + "/*",
            LoaderMain.class.getName()));
    return command;
  }

  /// Where its class lies: in a jar, or in a folder of a build.
  private static Path own() {
    try {
      return Path.of(LoaderMain.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
