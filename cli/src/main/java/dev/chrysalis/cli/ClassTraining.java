package dev.chrysalis.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Runs commands on a throw-away vault, so that the JVM which is told to learn from this run knows
/// the classes that commands load. What they say is thrown away; they may fail, for there is no
/// platform.
final class ClassTraining {
  /// Those that are waited for most; the first makes the vault.
  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("vault", "create"),
          List.of("restore-points"),
          List.of("runs"),
          List.of("status", "-o", "json"),
          List.of("check"),
          List.of("assess"),
          List.of("plan"),
          List.of("recover", "--dry-run"),
          List.of("aside", "list"),
          List.of("prune", "--dry-run"));

  private ClassTraining() {}

  public static void main(String[] ignored) throws IOException {
    Path folder = Files.createTempDirectory("chrysalis-training");
    try {
      Path stack = Files.writeString(folder.resolve("stack.yaml"), stack(folder));
      for (List<String> words : COMMANDS) {
        run(Stream.concat(words.stream(), Stream.of("--stack", stack.toString())));
      }
      run(Stream.of("--help"));
      run(Stream.of("--version"));
    } finally {
      remove(folder);
    }
  }

  private static String stack(Path folder) {
    return """
    version: 1
    stack: training
    platform: {kind: process, directory: '%1$s/platform'}
    vault: {location: '%1$s/vault', passphraseFile: '%1$s/passphrase'}
    services:
      perception: {needs: [postgres]}
    datastores:
      postgres: {kind: postgresql, clients: [{service: perception, variable: POSTGRES_HOST}]}
    """
        .formatted(folder);
  }

  private static void run(Stream<String> words) {
    PrintStream nobody = new PrintStream(OutputStream.nullOutputStream());
    int _ = Main.run(nobody, nobody, words.toArray(String[]::new));
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
