package dev.chrysalis.vault.pack;

import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.seal.Damage;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.SecretKey;

/// Reads chunks and checks them. Safe for many threads.
public final class ChunkReader {
  private static final int KEPT_KEYS = 256;

  private final CodecPool codecs;
  private final PackWindows windows;
  private final Map<String, SecretKey> keys =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SecretKey> eldest) {
          return size() > KEPT_KEYS;
        }
      };

  /// @param cacheBytes how much of packs may be kept in memory
  public ChunkReader(Backend backend, CodecPool codecs, long cacheBytes) {
    this.codecs = codecs;
    this.windows = new PackWindows(backend, cacheBytes);
  }

  /// Puts the chunk's content into the buffer; `OBJECT_MISSING` or `OBJECT_DAMAGED` naming the
  /// pack.
  public void read(Chunk chunk, long packSize, ByteBuffer into) {
    ChunkCodec.Stored stored = checked(chunk, packSize);
    if (into.remaining() < chunk.length()) {
      throw new IllegalArgumentException(
          "a buffer of " + into.remaining() + " bytes for a chunk of " + chunk.length());
    }
    windows.look(
        chunk.pack(),
        packSize,
        chunk.offset(),
        chunk.storedLength(),
        found ->
            codecs.lend(codec -> {
              codec.decrypt(stored, found, into);
              return codec;
            }));
  }

  /// Whether the content (from position to limit, left as they are) has the chunk's id.
  public boolean matches(Chunk chunk, ByteBuffer content) {
    if (content.remaining() != chunk.length()) {
      return false;
    }
    byte[] id = codecs.lend(codec -> codec.idOf(content.duplicate()));
    return HexFormat.of().formatHex(id).equals(chunk.id());
  }

  private ChunkCodec.Stored checked(Chunk chunk, long packSize) {
    int body = chunk.storedLength() - PackFormat.TAG_BYTES;
    boolean possible =
        chunk.id().length() == PackFormat.ID_BYTES * 2
            && chunk.length() >= 1
            && chunk.length() <= SnapshotWriter.CHUNK_BYTES
            && body >= 1
            && body <= chunk.length();
    if (!possible) {
      throw new IllegalArgumentException("not a chunk of this vault: " + chunk);
    }
    if (chunk.offset() < 0 || chunk.offset() + chunk.storedLength() > packSize) {
      throw Damage.damaged(chunk.pack(), "it ends early, at byte " + packSize);
    }
    return new ChunkCodec.Stored(
        chunk.id(),
        chunk.length(),
        chunk.pack(),
        chunk.offset(),
        chunk.storedLength(),
        key(chunk.pack()));
  }

  private SecretKey key(String pack) {
    synchronized (keys) {
      return keys.computeIfAbsent(pack, codecs.keys()::packKey);
    }
  }
}
