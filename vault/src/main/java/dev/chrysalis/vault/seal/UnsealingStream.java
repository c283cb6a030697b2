package dev.chrysalis.vault.seal;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;

/// Reads a sealed object frame by frame; a byte is handed out only after its frame was
/// authenticated, and the end only after nothing was found behind the last frame. Throws
/// `OBJECT_DAMAGED` naming the object. For one thread at a time.
public final class UnsealingStream extends InputStream {
  private final ObjectSource source;
  private final String key;
  private final FrameCipher cipher;
  private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
  private byte[] content = new byte[0];
  private int position;
  private long frame;
  private boolean ended;
  private boolean closed;

  UnsealingStream(ObjectSource source, KeyRing keys, ObjectType type) {
    this.source = source;
    this.key = source.key();
    byte[] header = source.read(FrameCipher.HEADER_BYTES);
    byte[] salt =
        Arrays.copyOfRange(
            header, FrameCipher.HEADER_BYTES - FrameCipher.SALT_BYTES, FrameCipher.HEADER_BYTES);
    if (!Arrays.equals(header, FrameCipher.header(type, salt))) {
      source.close();
      throw Damage.damaged(key, "it does not begin like a sealed object of this kind");
    }
    this.cipher = new FrameCipher(keys, type, key, header);
  }

  @Override
  public int read() {
    return fill() ? content[position++] & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int n = Math.min(length, content.length - position);
    System.arraycopy(content, position, into, offset, n);
    position += n;
    return n;
  }

  /// The content of the next frame, or null behind the last.
  public byte @Nullable [] nextFrame() {
    if (ended) {
      return null;
    }
    content = open();
    position = content.length;
    return content;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      zstd.close();
      source.close();
    }
  }

  private boolean fill() {
    while (position == content.length) {
      if (ended) {
        return false;
      }
      content = open();
      position = 0;
    }
    return true;
  }

  private byte[] open() {
    if (closed) {
      throw new IllegalStateException("the stream is closed");
    }
    byte[] frameHeader = source.read(FrameCipher.FRAME_HEADER_BYTES);
    ByteBuffer fields = ByteBuffer.wrap(frameHeader);
    int first = fields.getInt();
    int length = fields.getInt();
    int stored = first & ~(FrameCipher.LAST | FrameCipher.ZSTD);
    boolean packed = (first & FrameCipher.ZSTD) != 0;
    if (length < 0
        || length > FrameCipher.CONTENT_BYTES
        || stored < FrameCipher.TAG_BYTES
        || stored > length + FrameCipher.TAG_BYTES
        || (!packed && stored != length + FrameCipher.TAG_BYTES)) {
      throw Damage.damaged(key, "frame " + frame + " has impossible lengths");
    }
    byte[] plain = decrypt(frameHeader, source.read(stored));
    frame++;
    if ((first & FrameCipher.LAST) != 0) {
      ended = true;
      if (source.remaining() != 0) {
        throw Damage.damaged(key, source.remaining() + " bytes follow its end");
      }
    }
    return packed ? unpacked(plain, length) : plain;
  }

  private byte[] decrypt(byte[] frameHeader, byte[] stored) {
    try {
      return cipher.decrypt(frame, frameHeader, stored);
    } catch (AEADBadTagException e) {
      throw Damage.damaged(key, "frame " + frame + " is not authentic", e);
    }
  }

  private byte[] unpacked(byte[] packed, int length) {
    byte[] plain = new byte[length];
    try {
      int n = zstd.decompressByteArray(plain, 0, length, packed, 0, packed.length);
      if (n == length) {
        return plain;
      }
    } catch (ZstdException e) {
      throw Damage.damaged(key, "frame " + frame + " cannot be decompressed", e);
    }
    throw Damage.damaged(key, "frame " + frame + " has another length than it says");
  }

  /// Reads all that is left.
  public byte[] readRest() {
    try {
      return readAllBytes();
    } catch (IOException e) {
      throw Damage.unreadable(key, e);
    }
  }
}
