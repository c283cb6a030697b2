package dev.chrysalis.vault.backend;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend.Created;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Proves that a place honours create-if-absent, on which leases, journals and logs stand. Some
/// stores that speak S3 accept the condition and overwrite all the same; that must show before a
/// vault is trusted to them, not when two controllers hold one lease.
public final class CreateOnce {
  private static final byte[] INTRUDER = "a second create went through".getBytes(UTF_8);

  private CreateOnce() {}

  /// Creates the object, tries to create another in its place, and reads back. Returns what the
  /// first create answered; throws `VaultErrors.BAD_LOCATION` where the second one went through.
  ///
  /// @param body the object's bytes, which stay
  public static Created proven(Backend backend, String key, byte[] body) {
    Created first = backend.create(key, Body.of(body));
    Created second = backend.create(key, Body.of(INTRUDER));
    if (second == Created.NEW || Arrays.equals(read(backend, key, INTRUDER.length + 1), INTRUDER)) {
      throw new ChrysalisException(
          VaultErrors.BAD_LOCATION,
          "the store overwrites objects although it was asked not to: " + backend,
          "use a store that honours If-None-Match: * (AWS, MinIO, Ceph and Google do), or a newer"
              + " release of this one; remove "
              + key
              + " from it");
    }
    return first;
  }

  private static byte[] read(Backend backend, String key, int most) {
    try (InputStream in = backend.open(key, 0, most)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new ChrysalisException(
          VaultErrors.UNREACHABLE,
          "reading " + key + " of " + backend + " broke: " + e.getMessage(),
          "check the connection to the vault",
          e);
    }
  }
}
