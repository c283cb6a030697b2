package dev.chrysalis.vault.snapshot;

import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.FileEntry;
import java.io.DataInput;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/// A manifest's entry as bytes, and back.
final class EntryCodec {
  private static final int MOST_CHUNKS = 1 << 26;
  private static final int ID_BYTES = 32;
  private static final HexFormat HEX = HexFormat.of();

  private EntryCodec() {}

  /// @param packs the number of a pack in the manifest's table
  static byte[] encode(FileEntry entry, ToIntFunction<String> packs) {
    Fields out = new Fields();
    out.text(entry.path());
    out.write(kind(entry.kind()));
    out.number(entry.mode());
    out.number(entry.size());
    Instant modified = entry.modified();
    out.signed(modified.getEpochSecond());
    out.number(modified.getNano());
    out.text(entry.linkTarget());
    out.number(entry.chunks().size());
    for (Chunk chunk : entry.chunks()) {
      out.number(packs.applyAsInt(chunk.pack()));
      out.number(chunk.offset());
      out.number(chunk.storedLength());
      out.number(chunk.length());
      out.writeBytes(HEX.parseHex(chunk.id()));
    }
    return out.toByteArray();
  }

  /// Reads an entry; what is impossible is an `IOException` or `IllegalArgumentException`.
  static FileEntry decode(DataInput in, IntFunction<String> packs) throws IOException {
    String path = Fields.text(in);
    FileEntry.Kind kind = kind(in.readByte());
    int mode = Fields.small(in, Integer.MAX_VALUE);
    long size = Fields.number(in);
    Instant modified = Instant.ofEpochSecond(Fields.signed(in), Fields.small(in, 999_999_999));
    String link = Fields.text(in);
    int count = Fields.small(in, MOST_CHUNKS);
    List<Chunk> chunks = new ArrayList<>(Math.min(count, 1 << 12));
    byte[] id = new byte[ID_BYTES];
    for (int i = 0; i < count; i++) {
      String pack = packs.apply(Fields.small(in, Integer.MAX_VALUE));
      long offset = Fields.number(in);
      int stored = Fields.small(in, Integer.MAX_VALUE);
      int length = Fields.small(in, Integer.MAX_VALUE);
      in.readFully(id);
      chunks.add(new Chunk(HEX.formatHex(id), length, pack, offset, stored));
    }
    return new FileEntry(path, kind, mode, size, modified, link, chunks);
  }

  private static int kind(FileEntry.Kind kind) {
    return switch (kind) {
      case FILE -> 0;
      case DIRECTORY -> 1;
      case LINK -> 2;
    };
  }

  private static FileEntry.Kind kind(byte code) throws IOException {
    return switch (code) {
      case 0 -> FileEntry.Kind.FILE;
      case 1 -> FileEntry.Kind.DIRECTORY;
      case 2 -> FileEntry.Kind.LINK;
      default -> throw new IOException("an unknown kind of entry: " + code);
    };
  }
}
