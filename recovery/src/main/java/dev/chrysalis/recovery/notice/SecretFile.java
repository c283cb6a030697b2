package dev.chrysalis.recovery.notice;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.recovery.RecoveryErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A file whose first line is a secret.
///
/// @param what the key of the stack file that names it, for messages
record SecretFile(String what, Path file) {
  /// Throws `NOTICE_NOT_READY`, which names the file and never what it holds.
  String read() {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw unusable("cannot be read (" + e.getClass().getSimpleName() + ")");
    }
    if (lines.isEmpty() || lines.getFirst().isBlank()) {
      throw unusable("has an empty first line");
    }
    return lines.getFirst().strip();
  }

  /// The error for a secret that is of no use.
  ///
  /// @param why without any part of the secret
  ChrysalisException unusable(String why) {
    return new ChrysalisException(
        RecoveryErrors.NOTICE_NOT_READY,
        what + " " + file + " " + why,
        "put the secret on its first line, then: chrysalis notify --test");
  }
}
