package dev.chrysalis.vault.backend;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import java.util.regex.Pattern;

/// The rule for keys that every backend checks before it does anything: `a/b/c` of
/// `[A-Za-z0-9._-]+` parts, no part `.` or `..`, at most 512 characters.
public final class ObjectKeys {
  public static final int LONGEST = 512;

  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*");
  private static final Pattern PREFIX = Pattern.compile("([A-Za-z0-9._-]+/)*[A-Za-z0-9._-]*");
  private static final String HINT =
      "keys are parts of A-Z a-z 0-9 . _ - joined by /, at most 512 characters";

  private ObjectKeys() {}

  /// Returns the key, or throws `VaultErrors.BAD_KEY`.
  public static String check(String key) {
    if (!isKey(key)) {
      throw new ChrysalisException(VaultErrors.BAD_KEY, "not an object's key: " + shown(key), HINT);
    }
    return key;
  }

  /// Whether this can be an object's key.
  public static boolean isKey(String text) {
    return text.length() <= LONGEST && KEY.matcher(text).matches() && !hasDots(text);
  }

  /// Returns the prefix, or throws `VaultErrors.BAD_KEY`. A prefix is empty, or may end anywhere in
  /// a key: `a/`, `a/b`.
  public static String checkPrefix(String prefix) {
    if (prefix.length() > LONGEST || !PREFIX.matcher(prefix).matches() || climbs(prefix)) {
      throw new ChrysalisException(
          VaultErrors.BAD_KEY, "not the beginning of a key: " + shown(prefix), HINT);
    }
    return prefix;
  }

  /// Checks a range that is to be read; throws `IllegalArgumentException`.
  public static void checkRange(long offset, long length) {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("a negative range: " + offset + ", " + length);
    }
  }

  /// Whether a name can be one part of a key.
  static boolean isPart(String name) {
    return name.indexOf('/') < 0 && KEY.matcher(name).matches() && !hasDots(name);
  }

  private static boolean hasDots(String key) {
    for (String part : key.split("/", -1)) {
      if (part.equals(".") || part.equals("..")) {
        return true;
      }
    }
    return false;
  }

  private static boolean climbs(String prefix) {
    int last = prefix.lastIndexOf('/');
    return last >= 0 && hasDots(prefix.substring(0, last));
  }

  private static String shown(String key) {
    String head = key.length() > 80 ? key.substring(0, 80) + "…" : key;
    return '"' + head.replaceAll("\\p{Cntrl}", "?") + '"';
  }
}
