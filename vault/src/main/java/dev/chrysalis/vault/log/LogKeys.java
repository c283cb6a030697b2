package dev.chrysalis.vault.log;

import dev.chrysalis.vault.LogName;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The keys of a log's objects (`docs/format.md`).
record LogKeys(LogName name) {
  static final String PIECES = "log/";
  private static final Pattern PIECE = Pattern.compile("(.+)/([0-9a-f]{16})\\.piece");

  /// A piece's key, taken apart.
  record Place(String stream, long from) {
    /// @param rest the key behind `log/STORE/`
    static Optional<Place> of(String rest) {
      Matcher m = PIECE.matcher(rest);
      return m.matches()
          ? Optional.of(new Place(m.group(1), Long.parseUnsignedLong(m.group(2), 16)))
          : Optional.empty();
    }
  }

  String store() {
    return PIECES + name.store() + "/";
  }

  String pieces() {
    return store() + name.stream() + "/";
  }

  String piece(long from) {
    return pieces() + hex(from) + ".piece";
  }

  String markers() {
    return "gaps/" + name.store() + "/" + name.stream() + "/";
  }

  String marker(long from) {
    return markers() + hex(from) + ".gap";
  }

  String trims() {
    return "trims/" + name.store() + "/" + name.stream() + "/";
  }

  String trim(long from, long to) {
    return trims() + hex(from) + "-" + hex(to) + ".trim";
  }

  private static String hex(long position) {
    return "%016x".formatted(position);
  }
}
