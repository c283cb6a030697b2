package dev.chrysalis.lab;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/// Archives of the classes that a program loads, made once per build: a JVM that finds them read
/// and checked starts in about half the time (dynamic class data sharing, JEP 350). The JVM itself
/// ignores an archive that does not belong to its jars, and starts without one where there is none,
/// so that a lab works without archives too, only slower.
///
/// An archive is valid for copies of the jars elsewhere, if they keep their names, their order and
/// their times.
final class ClassArchives {
  private static final long LONGEST_TRAINING_SECONDS = 60;

  private final Path folder;

  ClassArchives(Path folder) {
    this.folder = folder;
  }

  /// The JVM's options to use an archive, and not to say a word where it is of no use.
  List<String> options(String name) {
    // A JVM that is told of an archive which is not there may leave its own default one out, too.
    if (!Files.exists(file(name))) {
      return List.of();
    }
    return List.of("-XX:SharedArchiveFile=" + file(name), "-Xlog:cds=off", "-Xlog:cds+dynamic=off");
  }

  /// Makes an archive where there is none that is younger than all the jars; without one where that
  /// cannot be done.
  ///
  /// @param classPath no archive is made of folders
  /// @param jvm the command up to the main class, without the options of this class
  /// @param words the main class, and what makes it load its classes and end by itself
  void ensure(
      String name,
      List<Path> classPath,
      List<String> jvm,
      List<String> words,
      Map<String, String> environment) {
    try {
      if (classPath.stream().allMatch(Files::isRegularFile) && !current(file(name), classPath)) {
        Files.createDirectories(folder);
        if (Files.isWritable(folder)) {
          train(name, jvm, words, environment);
        }
      }
    } catch (IOException _) {
      // Where the build may not be written to, programs start without: nothing but time is lost.
    }
  }

  /// Copies the archives that there are.
  void copyTo(ClassArchives other) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    Files.createDirectories(other.folder);
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*.jsa")) {
      for (Path archive : all) {
        Files.copy(archive, other.folder.resolve(archive.getFileName()));
      }
    }
  }

  private void train(
      String name, List<String> jvm, List<String> words, Map<String, String> environment)
      throws IOException {
    Path half = folder.resolve(name + "-" + UUID.randomUUID() + ".half");
    Path temporary = Files.createTempDirectory(folder, name);
    List<String> command = new ArrayList<>(jvm.subList(0, 1));
    command.addAll(
        List.of(
            "-XX:ArchiveClassesAtExit=" + half,
            "-Xlog:cds=off",
            "-Xlog:cds+dynamic=off",
            "-Djava.io.tmpdir=" + temporary));
    command.addAll(jvm.subList(1, jvm.size()));
    command.addAll(words);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    builder.environment().putAll(environment);
    try {
      await(builder.start());
      if (Files.exists(half)) {
        Files.move(half, file(name), StandardCopyOption.ATOMIC_MOVE);
      }
    } finally {
      Files.deleteIfExists(half);
      FileTree.remove(temporary);
    }
  }

  private static void await(Process process) throws IOException {
    try {
      if (!process.waitFor(LONGEST_TRAINING_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static boolean current(Path archive, List<Path> classPath) throws IOException {
    if (!Files.exists(archive)) {
      return false;
    }
    FileTime made = Files.getLastModifiedTime(archive);
    for (Path jar : classPath) {
      if (Files.getLastModifiedTime(jar).compareTo(made) > 0) {
        return false;
      }
    }
    return true;
  }

  /// Another JVM's archive is of no use.
  private Path file(String name) {
    return folder.resolve(name + "-" + System.getProperty("java.vm.version") + ".jsa");
  }
}
