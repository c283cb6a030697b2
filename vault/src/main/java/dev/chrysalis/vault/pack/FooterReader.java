package dev.chrysalis.vault.pack;

import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.seal.Damage;
import dev.chrysalis.vault.seal.SealedObjects;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Reads the footer of a pack, with one request where it is short.
final class FooterReader {
  private FooterReader() {}

  /// The footer's entries.
  static ByteBuffer read(SealedObjects objects, String name, long size, int firstLook) {
    if (size < PackFormat.footerBytes(0)) {
      throw Damage.damaged(name, "it is too short for a pack");
    }
    Backend backend = objects.backend();
    int look = (int) Math.min(size, firstLook);
    byte[] end = Ranges.read(backend, name, size - look, look);
    byte[] trailer = Arrays.copyOfRange(end, look - PackFormat.TRAILER_BYTES, look);
    int length = PackFormat.footerLength(name, trailer, size);
    int whole = length + PackFormat.TRAILER_BYTES;
    if (whole > look) {
      end = Ranges.read(backend, name, size - whole, whole);
    }
    byte[] footer =
        Arrays.copyOfRange(end, end.length - whole, end.length - PackFormat.TRAILER_BYTES);
    return PackFormat.readFooter(objects.keys(), name, size, footer);
  }
}
