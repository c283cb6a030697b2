package dev.chrysalis.recovery.checklist.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Finds Debian's `prometheus`: on the path, else unpacked from its package, which is fetched once
/// into a folder below `target`. Needs no root.
final class DebianPrometheus {
  private static final Path CACHE = Path.of("target", "prometheus").toAbsolutePath();
  private static final long MINUTES = 5;

  private DebianPrometheus() {}

  /// The program.
  static Path program() throws IOException, InterruptedException {
    Optional<Path> installed =
        Stream.of(System.getenv("PATH").split(":"))
            .map(folder -> Path.of(folder, "prometheus"))
            .filter(Files::isExecutable)
            .findFirst();
    return installed.isPresent() ? installed.get() : unpacked();
  }

  private static synchronized Path unpacked() throws IOException, InterruptedException {
    Path program = CACHE.resolve("package/usr/bin/prometheus");
    if (Files.isExecutable(program)) {
      return program;
    }
    Files.createDirectories(CACHE);
    Path fresh = Files.createTempDirectory(CACHE, "fetched");
    String said = run(fresh, List.of("apt-get", "download", "prometheus"));
    if (found(fresh).isEmpty()) {
      // This machine has no lists of packages: get them for this folder only.
      said += run(fresh, apt(fresh, "update")) + run(fresh, apt(fresh, "download", "prometheus"));
    }
    Path archive = found(fresh).orElse(null);
    if (archive == null) {
      throw new IOException("Debian's package prometheus cannot be fetched:\n" + said);
    }
    Path contents = fresh.resolve("contents");
    said = run(fresh, List.of("dpkg-deb", "-x", archive.toString(), contents.toString()));
    if (!Files.isExecutable(contents.resolve("usr/bin/prometheus"))) {
      throw new IOException("Debian's package prometheus cannot be unpacked:\n" + said);
    }
    Files.move(contents, CACHE.resolve("package"));
    return program;
  }

  private static Optional<Path> found(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().endsWith(".deb")).findFirst();
    }
  }

  private static List<String> apt(Path folder, String... arguments) throws IOException {
    Files.createDirectories(folder.resolve("state/lists/partial"));
    Files.createDirectories(folder.resolve("cache/archives/partial"));
    List<String> command =
        new ArrayList<>(
            List.of(
                "apt-get",
                "-o",
                "Dir::State::lists=" + folder.resolve("state/lists"),
                "-o",
                "Dir::Cache=" + folder.resolve("cache")));
    command.addAll(List.of(arguments));
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
