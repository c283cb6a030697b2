package dev.chrysalis.vault.pack;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.seal.Damage;
import java.io.IOException;
import java.io.InputStream;

/// Reads ranges of objects whole; a connection that breaks is opened again.
final class Ranges {
  private static final int TRIES = 3;

  private Ranges() {}

  static byte[] read(Backend backend, String key, long offset, int length) {
    byte[] bytes = new byte[length];
    read(backend, key, offset, length, bytes);
    return bytes;
  }

  /// Reads into the beginning of an array.
  static void read(Backend backend, String key, long offset, int length, byte[] bytes) {
    int done = 0;
    for (int tries = 1; ; tries++) {
      try (InputStream in = backend.open(key, offset + done, length - done)) {
        done += in.readNBytes(bytes, done, length - done);
        if (done == length) {
          return;
        }
        throw new IOException("the connection ended early");
      } catch (IOException e) {
        if (done == length) {
          return;
        }
        checkSize(backend, key, offset + length);
        if (tries == TRIES) {
          throw Damage.unreadable(key, e);
        }
      } catch (ChrysalisException e) {
        if (!e.code().equals(VaultErrors.OBJECT_MISSING) && !VaultErrors.mayPass(e.code())) {
          checkSize(backend, key, offset + length);
        }
        throw e;
      }
    }
  }

  private static void checkSize(Backend backend, String key, long end) {
    long size = backend.size(key).orElseThrow(() -> Damage.missing(key));
    if (size < end) {
      throw Damage.damaged(key, "it ends early, at byte " + size);
    }
  }
}
