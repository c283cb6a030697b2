package dev.chrysalis.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.chrysalis.lab.LabLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Processes of a lab's containers, found by the mark in their environment.
///
/// @param mark the end of the mark: `/postgres-0/shipper`, or `/shipper` for those of all members
record LabProcesses(LabLayout layout, String mark) {
  /// Sends a signal (`-STOP`) to all of them; there must be one.
  void signal(String signal) throws IOException {
    boolean found = false;
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      for (Path process : all.filter(p -> nameOf(p).matches("\\d+")).toList()) {
        if (isMarked(process)) {
          run("/bin/kill", signal, nameOf(process));
          found = true;
        }
      }
    }
    assertThat(found).as("a process of " + mark).isTrue();
  }

  private boolean isMarked(Path process) {
    try {
      String environment =
          Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
      return environment.contains(layout.root().toString())
          && Stream.of(environment.split("\0", -1))
              .anyMatch(v -> v.startsWith("CHRYSALIS_PROCESS=") && v.endsWith(mark));
    } catch (IOException e) {
      // It is gone, or another user's.
      return false;
    }
  }

  private static String nameOf(Path process) {
    return process.getFileName().toString();
  }

  /// Runs a command that has to succeed.
  static void run(String... command) throws IOException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(String.join(" ", command) + ": " + said).isZero();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
