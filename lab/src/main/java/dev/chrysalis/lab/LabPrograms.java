package dev.chrysalis.lab;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The programs that a lab runs, as they lie on this machine.
///
/// @param java the JVM's launcher, which the lab's user must be able to run
/// @param product the class path of Chrysalis itself, jars or folders: supervisor and agent
/// @param agentMain the agent's main class, `dev.chrysalis.agent.AgentMain`
/// @param butterfly the folder with BUTTERFLY's jars (`butterfly/target/app`)
/// @param postgresArchive PostgreSQL's archive (`lab/target/servers/postgres-17.jar`)
public record LabPrograms(
    Path java, List<Path> product, String agentMain, Path butterfly, Path postgresArchive) {
  private static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:-UsePerfData",
          "-Xshare:auto",
          "--enable-native-access=ALL-UNNAMED");

  private static final String AGENT_HEAP = "256m";

  /// What a killed process leaves there goes with the lab.
  private static final String MEMBERS_TEMPORARIES = "-Djava.io.tmpdir=${member.scratch}";

  /// For what starts often and computes little; encryption and digests need the better compiler.
  private static final String QUICK_START = "-XX:TieredStopAtLevel=1";

  public LabPrograms {
    product = List.copyOf(product);
  }

  /// Where the programs lie once `copyFiles` copied them into that folder.
  LabPrograms copyTo(Path folder) {
    List<Path> copies = new ArrayList<>();
    for (int i = 0; i < product.size(); i++) {
      String name = "%03d-%s".formatted(i, product.get(i).getFileName());
      copies.add(folder.resolve("product").resolve(name));
    }
    return new LabPrograms(java, copies, agentMain, folder.resolve("butterfly"), postgresArchive);
  }

  /// Copies the programs: the lab's unprivileged user may be unable to read where they lie.
  void copyFiles(Path folder) throws IOException {
    LabPrograms copies = copyTo(folder);
    for (int i = 0; i < product.size(); i++) {
      FileTree.copy(product.get(i), copies.product.get(i));
    }
    FileTree.copy(butterfly, copies.butterfly);
  }

  /// The supervisor's JVM; the main class is to follow.
  List<String> supervisorJvm() {
    return jvm("64m", List.of(QUICK_START), product);
  }

  /// The agent's command.
  List<String> agent() {
    List<String> command = new ArrayList<>(jvm(AGENT_HEAP, List.of(MEMBERS_TEMPORARIES), product));
    command.add(agentMain);
    return List.copyOf(command);
  }

  /// The options of the JVMs that an agent starts for its jobs.
  String agentOptions() {
    return String.join(" ", "-XX:-UsePerfData", "-Xmx" + AGENT_HEAP, MEMBERS_TEMPORARIES);
  }

  /// A service of BUTTERFLY; its temporary files go where the member's scratch directory is.
  List<String> service() throws IOException {
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(butterfly, "*.jar")) {
      all.forEach(jars::add);
    }
    jars.sort(null);
    List<String> command =
        new ArrayList<>(jvm("128m", List.of(QUICK_START, MEMBERS_TEMPORARIES, "-Xss512k"), jars));
    command.add("dev.butterfly.Butterfly");
    return List.copyOf(command);
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
