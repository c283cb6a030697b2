package dev.chrysalis.vault.pack;

import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.crypto.SecretKey;

/// A pack that is being filled. All but `buffer`, `name`, `key` and `number` is guarded by the
/// packer's lock.
final class OpenPack {
  final int number;
  final String name;
  final SecretKey key;
  final byte[] buffer;
  int used;
  int count;
  int pending;
  boolean full;
  private byte[] entries = new byte[PackFormat.ENTRY_BYTES * 256];

  OpenPack(int number, String name, SecretKey key, byte[] buffer) {
    this.number = number;
    this.name = name;
    this.key = key;
    this.buffer = buffer;
  }

  boolean hasRoomFor(int stored) {
    return used + stored + PackFormat.footerBytes(count + 1) <= buffer.length;
  }

  int reserve(byte[] id, int stored, int length) {
    int at = count * PackFormat.ENTRY_BYTES;
    if (at == entries.length) {
      entries = Arrays.copyOf(entries, entries.length * 2);
    }
    ByteBuffer.wrap(entries, at, PackFormat.ENTRY_BYTES)
        .put(id)
        .putInt(used)
        .putInt(stored)
        .putInt(length);
    int offset = used;
    used += stored;
    count++;
    pending++;
    return offset;
  }

  ByteBuffer entries() {
    return ByteBuffer.wrap(entries, 0, count * PackFormat.ENTRY_BYTES);
  }
}
