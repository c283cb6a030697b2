package dev.chrysalis.lab;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The programs that a lab runs, as they lie on this machine.
///
/// @param java the JVM's launcher, which the lab's user must be able to run
/// @param product the class path of Chrysalis itself, jars or folders: supervisor and agent
/// @param agentMain the agent's main class, `dev.chrysalis.agent.AgentMain`
/// @param butterfly the folder with BUTTERFLY's jars (`butterfly/target/app`)
/// @param postgresArchive PostgreSQL's archive (`lab/target/servers/postgres-17.jar`)
/// @param redisArchive Redis's archive (`lab/target/servers/redis-6.2.jar`)
/// @param cassandra what Cassandra runs from
/// @param archives where archives of the programs' classes are kept between labs
public record LabPrograms(
    Path java,
    List<Path> product,
    String agentMain,
    Path butterfly,
    Path postgresArchive,
    Path redisArchive,
    CassandraPrograms cassandra,
    Path archives) {
  private static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-Xshare:auto",
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED");

  private static final String AGENT = "agent";
  private static final String AGENT_HEAP = "256m";
  private static final String SERVICE = "service";
  private static final String SERVICE_HEAP = "128m";
  private static final String SERVICE_MAIN = "dev.butterfly.Butterfly";
  private static final String SERVICE_TRAINING = "dev.butterfly.ClassTraining";

  /// What a killed process leaves there goes with the lab.
  private static final String MEMBERS_TEMPORARIES = "-Djava.io.tmpdir=${member.scratch}";

  /// For what starts often and computes little. Jobs of agents encrypt and digest whole databases
  /// and have the better compiler.
  private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

  public LabPrograms {
    product = List.copyOf(product);
  }

  /// Where the programs lie once `copyFiles` copied them into that folder.
  LabPrograms copyTo(Path folder) {
    List<Path> copies = new ArrayList<>();
    for (Path entry : product) {
      Path copy = folder.resolve("product").resolve(entry.getFileName());
      // Two folders of classes may have the same name; jars keep theirs, for the archives.
      copies.add(
          copies.contains(copy)
              ? copy.resolveSibling(copies.size() + "-" + entry.getFileName())
              : copy);
    }
    return new LabPrograms(
        java,
        copies,
        agentMain,
        folder.resolve("butterfly"),
        postgresArchive,
        redisArchive,
        cassandra,
        folder.resolve("archives"));
  }

  /// Copies the programs: the lab's unprivileged user may be unable to read where they lie.
  void copyFiles(Path folder) throws IOException {
    LabPrograms copies = copyTo(folder);
    for (int i = 0; i < product.size(); i++) {
      FileTree.copy(product.get(i), copies.product.get(i));
    }
    FileTree.copy(butterfly, copies.butterfly);
    new ClassArchives(archives).copyTo(new ClassArchives(copies.archives));
  }

  /// Makes the archives of classes with which the programs start faster, where they are missing.
  void archive() throws IOException {
    ClassArchives made = new ClassArchives(archives);
    made.ensure(
        AGENT,
        product,
        jvm(AGENT_HEAP, List.of(QUICK_START), product),
        List.of(agentMain, "postgres", "status", "-o", "json"),
        Map.of("PGDATA", archives.toString(), "PGHOST", "127.0.0.1", "PGPORT", "1"));
    made.ensure(
        SERVICE,
        serviceJars(),
        jvm(SERVICE_HEAP, List.of(QUICK_START), serviceJars()),
        List.of(SERVICE_TRAINING),
        Map.of());
  }

  /// The supervisor's JVM; the main class is to follow.
  List<String> supervisorJvm() {
    return jvm("64m", quick(AGENT), product);
  }

  /// The agent's command.
  List<String> agent() {
    List<String> options = new ArrayList<>(quick(AGENT));
    options.add(MEMBERS_TEMPORARIES);
    List<String> command = new ArrayList<>(jvm(AGENT_HEAP, options, product));
    command.add(agentMain);
    return List.copyOf(command);
  }

  /// The options of the JVMs that an agent starts for its jobs.
  String agentOptions() {
    List<String> options = new ArrayList<>(new ClassArchives(archives).options(AGENT));
    options.addAll(List.of("-XX:-UsePerfData", "-Xmx" + AGENT_HEAP, MEMBERS_TEMPORARIES));
    return String.join(" ", options);
  }

  /// A service of BUTTERFLY; its temporary files go where the member's scratch directory is. One
  /// that runs out of memory ends, with exit code 3.
  List<String> service() throws IOException {
    return service(SERVICE_MAIN);
  }

  /// A release of a service whose main class is not there: the JVM ends at once, with exit code 1.
  List<String> brokenService(int release) throws IOException {
    return service("dev.butterfly.release%d.Butterfly".formatted(release));
  }

  /// A program of BUTTERFLY's that the lab itself runs once, as who runs the lab.
  List<String> once(String main) throws IOException {
    List<String> command = new ArrayList<>(jvm(SERVICE_HEAP, quick(SERVICE), serviceJars()));
    command.add(main);
    return List.copyOf(command);
  }

  private List<String> service(String main) throws IOException {
    List<String> options = new ArrayList<>(quick(SERVICE));
    options.addAll(List.of(MEMBERS_TEMPORARIES, "-Xss512k", "-XX:+ExitOnOutOfMemoryError"));
    List<String> command = new ArrayList<>(jvm(SERVICE_HEAP, options, serviceJars()));
    command.add(main);
    return List.copyOf(command);
  }

  private List<Path> serviceJars() throws IOException {
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(butterfly, "*.jar")) {
      all.forEach(jars::add);
    }
    jars.sort(null);
    return jars;
  }

  private List<String> quick(String archive) {
    List<String> options = new ArrayList<>(new ClassArchives(archives).options(archive));
    options.add(QUICK_START);
    return options;
  }

  private List<String> jvm(String heap, List<String> options, List<Path> classPath) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(JVM);
    command.add("-Xmx" + heap);
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(classPath)));
    return List.copyOf(command);
  }

  private static String classPath(List<Path> entries) {
    return entries.stream().map(Path::toString).collect(Collectors.joining(":"));
  }
}
