package dev.chrysalis.cassandra;

import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// A file whose first line is a password.
public final class PasswordFile {
  private PasswordFile() {}

  /// The password; `BAD_SETTING` where the file cannot be read.
  public static String read(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.findFirst().orElse("");
    } catch (IOException | UncheckedIOException e) {
      throw new ChrysalisException(
          CassandraErrors.BAD_SETTING,
          "cannot read the password file " + file,
          "give the agent a readable file whose first line is the password",
          e);
    }
  }
}
