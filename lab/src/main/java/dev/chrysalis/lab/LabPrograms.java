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
          "-XX:TieredStopAtLevel=1",
          "-XX:-UsePerfData",
          "-Xshare:auto",
          "--enable-native-access=ALL-UNNAMED");

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

  /// A JVM with Chrysalis on its class path; the main class is to follow.
  List<String> productJvm(String heap) {
    return jvm(heap, List.of(), product);
  }

  /// A service of BUTTERFLY; its temporary files go where the member's scratch directory is.
  List<String> service() throws IOException {
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(butterfly, "*.jar")) {
      all.forEach(jars::add);
    }
    jars.sort(null);
    List<String> command =
        new ArrayList<>(
            jvm("128m", List.of("-Djava.io.tmpdir=${member.scratch}", "-Xss512k"), jars));
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
