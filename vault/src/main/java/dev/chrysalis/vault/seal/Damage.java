package dev.chrysalis.vault.seal;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Words for what can be wrong with an object.
public final class Damage {
  private static final String HINT =
      "it was changed, cut off or moved after it was written; bring this object back from a copy of"
          + " the vault, or use another restore point";

  private static final Pattern OBJECT = Pattern.compile("^object (\\S+) is ");

  private Damage() {}

  /// The object is there but is not what was written under its key.
  public static ChrysalisException damaged(String key, String why) {
    return damaged(key, why, null);
  }

  public static ChrysalisException damaged(String key, String why, @Nullable Throwable cause) {
    return new ChrysalisException(
        VaultErrors.OBJECT_DAMAGED, "object " + key + " is damaged: " + why, HINT, cause);
  }

  public static ChrysalisException missing(String key) {
    return new ChrysalisException(
        VaultErrors.OBJECT_MISSING,
        "object " + key + " is not in the vault",
        "it was deleted; bring it back from a copy of the vault, or use another restore point");
  }

  /// The key of the object that an error from here is about.
  public static Optional<String> objectOf(ChrysalisException e) {
    Matcher m = OBJECT.matcher(String.valueOf(e.getMessage()));
    return m.find() ? Optional.of(m.group(1)) : Optional.empty();
  }

  /// The connection broke again and again.
  public static ChrysalisException unreadable(String key, IOException cause) {
    return new ChrysalisException(
        VaultErrors.UNREACHABLE,
        "object " + key + " could not be read to its end: " + cause.getMessage(),
        "check the connection to the vault and try again",
        cause);
  }

  /// The spool directory failed.
  public static ChrysalisException spool(IOException cause) {
    return new ChrysalisException(
        VaultErrors.NO_SPACE,
        "the spool for files under way could not be written or read: " + cause.getMessage(),
        "make room in the temporary directory, or choose another",
        cause);
  }
}
