package dev.chrysalis.vault.pack;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.seal.Damage;
import dev.chrysalis.vault.seal.KeyRing;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.IntSupplier;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/// Hashes, compresses and encrypts chunks, and back, with contexts and buffers of its own (about
/// 0.8 MB, and what zstd takes). For one thread at a time; `CodecPool` lends them.
final class ChunkCodec implements AutoCloseable {
  /// Where a zstd frame says what it has (RFC 8878, 3.1.1.1.1), behind the magic number.
  private static final int FRAME_DESCRIPTOR = 4;

  private static final int CHECKSUM_FLAG = 1 << 2;

  private final KeyRing keys;
  private final byte[] vaultId;
  private final Mac mac;
  private final Cipher cipher;
  private final ZstdCompressCtx compressor = new ZstdCompressCtx();
  private final ZstdDecompressCtx decompressor = new ZstdDecompressCtx();
  private final byte[] copy = new byte[SnapshotWriter.CHUNK_BYTES];
  private final byte[] packed = new byte[(int) Zstd.compressBound(SnapshotWriter.CHUNK_BYTES)];

  private byte[] content = copy;
  private int contentOffset;
  private int contentLength;
  private int packedLength;

  ChunkCodec(KeyRing keys, int level) {
    this.keys = keys;
    this.vaultId = keys.vaultId();
    this.mac = keys.chunkMac();
    compressor.setLevel(level);
    compressor.setChecksum(true);
    try {
      this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK lacks AES-GCM", e);
    }
  }

  KeyRing keys() {
    return keys;
  }

  /// Takes content in (consuming the buffer); its id. The bytes of a heap buffer are not copied.
  byte[] take(ByteBuffer from) {
    contentLength = from.remaining();
    if (from.hasArray()) {
      content = from.array();
      contentOffset = from.arrayOffset() + from.position();
      from.position(from.limit());
    } else {
      content = copy;
      contentOffset = 0;
      from.get(copy, 0, contentLength);
    }
    mac.update(content, contentOffset, contentLength);
    return mac.doFinal();
  }

  /// The id of content that is not to be stored (consuming the buffer).
  byte[] idOf(ByteBuffer from) {
    byte[] id = take(from);
    content = copy;
    return id;
  }

  /// Compresses the content that was taken in; how many bytes it will take in a pack.
  int compress() {
    packedLength =
        compressor.compressByteArray(
            packed, 0, packed.length, content, contentOffset, contentLength);
    return Math.min(packedLength, contentLength) + PackFormat.TAG_BYTES;
  }

  /// Encrypts what was compressed into its place in a pack.
  void encryptInto(byte[] pack, int offset, String name, SecretKey key, byte[] id) {
    try {
      begin(Cipher.ENCRYPT_MODE, offset, name, key, id, contentLength);
      if (packedLength < contentLength) {
        cipher.doFinal(packed, 0, packedLength, pack, offset);
      } else {
        cipher.doFinal(content, contentOffset, contentLength, pack, offset);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed", e);
    } finally {
      content = copy;
    }
  }

  /// Decrypts a chunk (from a buffer of exactly its stored bytes, on the heap), and puts it into
  /// the buffer. The tag authenticates the stored bytes together with the chunk's id, and the
  /// frame's checksum what they unpack to; of a frame without one (older vaults) the content is
  /// hashed and compared with the id.
  void decrypt(Stored chunk, ByteBuffer from, ByteBuffer into) {
    byte[] id = HexFormat.of().parseHex(chunk.id());
    int n = open(chunk, id, from);
    boolean summed = n > FRAME_DESCRIPTOR && (packed[FRAME_DESCRIPTOR] & CHECKSUM_FLAG) != 0;
    if (n == chunk.length()) {
      into.put(packed, 0, n);
    } else if (summed && into.isDirect()) {
      unpack(
          chunk,
          () ->
              decompressor.decompressByteArrayToDirectByteBuffer(
                  into, into.position(), chunk.length(), packed, 0, n));
      into.position(into.position() + chunk.length());
    } else {
      unpack(chunk, () -> decompressor.decompressByteArray(copy, 0, chunk.length(), packed, 0, n));
      if (!summed) {
        requireId(chunk, id);
      }
      into.put(copy, 0, chunk.length());
    }
  }

  private void requireId(Stored chunk, byte[] id) {
    mac.update(copy, 0, chunk.length());
    if (!MessageDigest.isEqual(mac.doFinal(), id)) {
      throw Damage.damaged(
          chunk.pack(), "the chunk at " + chunk.offset() + " is not the one that was stored");
    }
  }

  /// A chunk as it lies in a pack.
  record Stored(String id, int length, String pack, long offset, int storedLength, SecretKey key) {}

  private int open(Stored chunk, byte[] id, ByteBuffer from) {
    try {
      begin(Cipher.DECRYPT_MODE, chunk.offset(), chunk.pack(), chunk.key(), id, chunk.length());
      return cipher.doFinal(
          from.array(), from.arrayOffset() + from.position(), from.remaining(), packed, 0);
    } catch (AEADBadTagException e) {
      throw Damage.damaged(chunk.pack(), "the chunk at " + chunk.offset() + " is not authentic", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed", e);
    }
  }

  private static void unpack(Stored chunk, IntSupplier decompress) {
    try {
      if (decompress.getAsInt() == chunk.length()) {
        return;
      }
    } catch (ZstdException e) {
      throw Damage.damaged(
          chunk.pack(), "the chunk at " + chunk.offset() + " cannot be decompressed", e);
    }
    throw Damage.damaged(
        chunk.pack(), "the chunk at " + chunk.offset() + " has another length than it says");
  }

  private void begin(int mode, long offset, String name, SecretKey key, byte[] id, int length)
      throws GeneralSecurityException {
    byte[] nonce = ByteBuffer.allocate(12).putInt(0).putLong(offset).array();
    cipher.init(mode, key, new GCMParameterSpec(PackFormat.TAG_BYTES * 8, nonce));
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    byte[] aad =
        ByteBuffer.allocate(vaultId.length + 1 + id.length + 4 + text.length)
            .put(vaultId)
            .put((byte) 'C')
            .put(id)
            .putInt(length)
            .put(text)
            .array();
    cipher.updateAAD(aad);
  }

  @Override
  public void close() {
    Arrays.fill(copy, (byte) 0);
    Arrays.fill(packed, (byte) 0);
    compressor.close();
    decompressor.close();
  }
}
