package dev.chrysalis.redis.agent.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.redis.RedisErrors;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The first bytes of an RDB file: which format it has, and which release wrote it.
///
/// @param name what to call the file in a message
/// @param text its first bytes, a character for each
record RdbHead(String name, String text) {
  /// As many bytes as are looked at.
  static final int BYTES = 256;

  private static final Pattern MAGIC = Pattern.compile("^REDIS(\\d{4})");
  private static final Pattern WRITER =
      Pattern.compile("\u00FA\tredis-ver([\\x01-\\x3F])(\\d{1,4}\\.\\d{1,4}[0-9.a-z-]*)");

  /// The newest format that each release reads.
  private static final TreeMap<RedisVersion, Integer> READ_BY =
      new TreeMap<>(
          Map.of(
              new RedisVersion(5, 0), 9,
              new RedisVersion(7, 0), 10,
              new RedisVersion(7, 2), 11,
              new RedisVersion(7, 4), 12));

  static RdbHead of(String name, byte[] bytes, int length) {
    return new RdbHead(name, new String(bytes, 0, Math.min(BYTES, length), ISO_8859_1));
  }

  /// Refuses what does not begin as an RDB file, or is of a format that this release does not read.
  ///
  /// @param server empty where that is not known
  void requireReadable(Optional<RedisVersion> server) {
    Matcher m = MAGIC.matcher(text);
    if (!m.find()) {
      throw new ChrysalisException(
          RedisErrors.RDB_DAMAGED,
          name + " does not begin as an RDB file",
          "nothing that a server would load is left of it; choose another one");
    }
    int format = Integer.parseInt(m.group(1));
    // What is newer than the list below reads at least what servers of its own release write.
    boolean asNew =
        server.isPresent() && writer().filter(w -> w.compareTo(server.get()) <= 0).isPresent();
    Optional<Integer> newest = server.map(READ_BY::floorEntry).map(Map.Entry::getValue);
    if (!asNew && newest.filter(n -> format > n).isPresent()) {
      throw new ChrysalisException(
          RedisErrors.NEWER_VERSION,
          "%s has the format %d of Redis %s, which Redis %s does not read"
              .formatted(
                  name,
                  format,
                  writer().map(RedisVersion::toString).orElse("of a later release"),
                  server.orElseThrow()),
          "nothing that a server would load is left of it; restore with a server as new as the one"
              + " that wrote it");
    }
  }

  /// The release that wrote it, where it says so.
  Optional<RedisVersion> writer() {
    Matcher m = WRITER.matcher(text);
    if (!m.find() || m.group(2).length() < m.group(1).charAt(0)) {
      return Optional.empty();
    }
    return RedisVersion.of(m.group(2).substring(0, m.group(1).charAt(0)));
  }
}
