package dev.chrysalis.vault.pack;

import dev.chrysalis.vault.seal.Damage;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A section of an index object: one pack and the entries of its footer.
final class IndexSection {
  private IndexSection() {}

  static void write(OutputStream to, String name, long size, ByteBuffer entries)
      throws IOException {
    DataOutputStream out = new DataOutputStream(to);
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    out.writeShort(text.length);
    out.write(text);
    out.writeInt((int) size);
    out.writeInt(entries.remaining() / PackFormat.ENTRY_BYTES);
    out.write(entries.array(), entries.arrayOffset() + entries.position(), entries.remaining());
    out.flush();
  }

  /// Takes what is read.
  interface Reader {
    /// A pack begins; its number in the table of packs, or -1 where its chunks are not wanted.
    int pack(String name, long size);

    void chunk(int pack, long high, long low, int offset, int storedLength);
  }

  static void readAll(String key, DataInputStream in, Reader reader) throws IOException {
    byte[] entry = new byte[PackFormat.ENTRY_BYTES];
    for (int first = in.read(); first >= 0; first = in.read()) {
      byte[] text = in.readNBytes((first << 8) | in.readUnsignedByte());
      long size = in.readInt();
      int pack = reader.pack(new String(text, StandardCharsets.UTF_8), size);
      int count = in.readInt();
      for (int i = 0; i < count; i++) {
        in.readFully(entry);
        readEntry(key, ByteBuffer.wrap(entry), pack, reader);
      }
    }
  }

  static void readEntry(String key, ByteBuffer entry, int pack, Reader reader) {
    long high = entry.getLong();
    long low = entry.getLong();
    entry.position(entry.position() + PackFormat.ID_BYTES - 16);
    int offset = entry.getInt();
    int stored = entry.getInt();
    int length = entry.getInt();
    if (offset < 0
        || offset > PackFormat.MOST_BYTES
        || stored <= PackFormat.TAG_BYTES
        || stored > PackFormat.MOST_STORED
        || length < stored - PackFormat.TAG_BYTES) {
      throw Damage.damaged(key, "an entry is impossible");
    }
    if (pack >= 0) {
      reader.chunk(pack, high, low, offset, stored);
    }
  }
}
