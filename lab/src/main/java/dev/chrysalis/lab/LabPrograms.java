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
/// @param butterfly the folder with BUTTERFLY's jars (`butterfly/target/app`)
/// @param postgresArchive PostgreSQL's archive (`lab/target/servers/postgres-17.jar`)
public record LabPrograms(Path java, List<Path> product, Path butterfly, Path postgresArchive) {
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

  /// Copies the jars into the lab: its unprivileged user may be unable to read where they lie.
  LabPrograms copiedInto(Path folder) throws IOException {
    List<Path> copies = new ArrayList<>();
    for (int i = 0; i < product.size(); i++) {
      Path entry = product.get(i);
      Path copy = folder.resolve("product").resolve("%03d-%s".formatted(i, entry.getFileName()));
      FileTree.copy(entry, copy);
      copies.add(copy);
    }
    Path services = folder.resolve("butterfly");
    FileTree.copy(butterfly, services);
    return new LabPrograms(java, copies, services, postgresArchive);
  }

  /// A command of Chrysalis.
  List<String> product(String mainClass, String heap) {
    return jvm(heap, List.of(), classPath(product), mainClass);
  }

  /// A service of BUTTERFLY; its temporary files go where the member's scratch directory is.
  List<String> service() throws IOException {
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(butterfly, "*.jar")) {
      all.forEach(jars::add);
    }
    jars.sort(null);
    return jvm(
        "128m",
        List.of("-Djava.io.tmpdir=${member.scratch}", "-Xss512k"),
        classPath(jars),
        "dev.butterfly.Butterfly");
  }

  private List<String> jvm(String heap, List<String> options, String classPath, String mainClass) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(JVM);
    command.add("-Xmx" + heap);
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, mainClass));
    return List.copyOf(command);
  }

  private static String classPath(List<Path> entries) {
    return entries.stream().map(Path::toString).collect(Collectors.joining(":"));
  }
}
