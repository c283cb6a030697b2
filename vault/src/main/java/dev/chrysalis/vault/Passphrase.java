package dev.chrysalis.vault;

import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What unlocks a vault. Kept as characters that `close` wipes; never printed. Safe for many
/// threads.
public final class Passphrase implements AutoCloseable {
  private static final int MOST_BYTES = 4096;
  private static final String HINT =
      "put the passphrase into the first line of a file that only you can read, or into the"
          + " variable";

  private final char[] secret;
  private boolean destroyed;

  private Passphrase(char[] secret, String where) {
    if (secret.length == 0) {
      throw missing("the passphrase in " + where + " is empty", null);
    }
    this.secret = secret;
  }

  /// A passphrase of these characters, which are copied.
  public static Passphrase of(char[] characters) {
    return new Passphrase(characters.clone(), "memory");
  }

  /// The first line of a file (UTF-8), without its end.
  public static Passphrase ofFile(Path file) {
    byte[] bytes = new byte[0];
    try (var in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MOST_BYTES);
      return new Passphrase(firstLine(bytes), "file " + file);
    } catch (CharacterCodingException e) {
      throw missing("the passphrase file " + file + " is not UTF-8 text", e);
    } catch (IOException e) {
      throw missing("the passphrase file " + file + " cannot be read: " + e.getMessage(), e);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /// The value of an environment variable.
  public static Passphrase ofVariable(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null) {
      throw missing("the variable " + name + " is not set", null);
    }
    return new Passphrase(value.toCharArray(), "variable " + name);
  }

  /// A copy, for the caller to wipe.
  public synchronized char[] chars() {
    if (destroyed) {
      throw new IllegalStateException("the passphrase was wiped");
    }
    return secret.clone();
  }

  @Override
  public synchronized void close() {
    Arrays.fill(secret, '\0');
    destroyed = true;
  }

  @Override
  public String toString() {
    return "Passphrase[hidden]";
  }

  private static char[] firstLine(byte[] bytes) throws CharacterCodingException {
    int end = 0;
    while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
      end++;
    }
    CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, end));
    char[] line = Arrays.copyOf(text.array(), text.limit());
    Arrays.fill(text.array(), '\0');
    return line;
  }

  private static ChrysalisException missing(String message, @Nullable Throwable cause) {
    return new ChrysalisException(VaultErrors.NO_PASSPHRASE, message, HINT, cause);
  }
}
