package dev.chrysalis.redis.agent.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// What a server said that is dead. It ends with the same number for every reason that it gives.
///
/// @param text all of its log; empty where there is none
record ScratchLog(String text) {
  private static final int LONGEST = 2000;

  /// What Redis 6.2 to 8 say of files that are cut off or damaged.
  private static final Pattern DAMAGE =
      Pattern.compile(
          "Bad file format|Unexpected end of file|Unexpected EOF|Wrong signature"
              + "|Wrong RDB checksum|RDB CRC error|Short read|Can't handle RDB format"
              + "|Internal error in RDB|(?:Unknown|Invalid)[^\\n]* type");

  /// Data of a module that this server does not have.
  private static final Pattern MODULE = Pattern.compile("\\bmodule\\b", Pattern.CASE_INSENSITIVE);

  static ScratchLog read(Path file) {
    try {
      return new ScratchLog(Files.readString(file, UTF_8).strip());
    } catch (IOException e) {
      return new ScratchLog("");
    }
  }

  boolean tellsOfDamage() {
    return DAMAGE.matcher(text).find() && !MODULE.matcher(text).find();
  }

  boolean tellsThatThePortIsTaken() {
    return text.contains("Address already in use");
  }

  String lastWords() {
    return text.isEmpty()
        ? "it says nothing"
        : text.substring(Math.max(0, text.length() - LONGEST));
  }
}
