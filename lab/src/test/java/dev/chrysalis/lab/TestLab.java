package dev.chrysalis.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/// Labs for tests, in folders of their own, with a stand-in where agents go.
final class TestLab {
  static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

  private TestLab() {}

  /// A lab that is not made yet.
  static Lab fresh() {
    LabLayout layout = new LabLayout(TEMPORARY.resolve("chrysalis-lab-" + UUID.randomUUID()));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<Path> product =
        Stream.of(System.getProperty("java.class.path").split(":")).map(Path::of).toList();
    LabPrograms programs =
        new LabPrograms(
            java,
            product,
            StandInAgent.class.getName(),
            Path.of("../butterfly/target/app").toAbsolutePath().normalize(),
            Path.of("target/servers/postgres-17.jar").toAbsolutePath(),
            Path.of("target/servers/redis-6.2.jar").toAbsolutePath(),
            CassandraPrograms.find(
                Path.of("../servers/cassandra/target/lib").toAbsolutePath().normalize(),
                System.getenv()),
            Path.of("target/archives").toAbsolutePath());
    return new Lab(
        layout,
        programs,
        LabUser.of(System.getProperty("user.name")),
        (location, passphrase) -> {},
        TEMPORARY,
        Clock.systemUTC(),
        new SecureRandom());
  }

  /// The processes that work in the lab's folder.
  static List<Long> processesOf(Lab lab) {
    String root = lab.layout().root().toString();
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> worksIn(pid, root))
        .toList();
  }

  /// Whether a signal has stopped the process.
  static boolean halted(long pid) {
    try {
      String stat =
          Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.UTF_8);
      return stat.substring(stat.lastIndexOf(')')).startsWith(") T ");
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean worksIn(long pid, String root) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "cwd"))
          .toString()
          .startsWith(root);
    } catch (IOException e) {
      return false;
    }
  }
}
