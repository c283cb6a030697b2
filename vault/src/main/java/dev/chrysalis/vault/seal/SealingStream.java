package dev.chrysalis.vault.seal;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Seals what is written to it, frame by frame, and hands the sealed bytes on. Closing it writes
/// the last frame; without that the object cannot be read. Memory: about three frames of 1 MiB,
/// less for small content. For one thread at a time.
public final class SealingStream extends OutputStream {
  private static final int WORTH_COMPRESSING = 64;

  private final FrameCipher cipher;
  private final OutputStream out;
  private final int level;
  private final ZstdCompressCtx zstd = new ZstdCompressCtx();
  private byte[] content = new byte[1024];
  private int used;
  private long frame;
  private boolean closed;

  SealingStream(FrameCipher cipher, byte[] header, OutputStream out, int level) throws IOException {
    this.cipher = cipher;
    this.out = out;
    this.level = level;
    zstd.setLevel(level);
    out.write(header);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int from = offset;
    int left = length;
    while (left > 0) {
      if (used == FrameCipher.CONTENT_BYTES) {
        seal(false);
      }
      int n = Math.min(left, FrameCipher.CONTENT_BYTES - used);
      room(used + n);
      System.arraycopy(bytes, from, content, used, n);
      used += n;
      from += n;
      left -= n;
    }
  }

  /// Ends the frame, so that a reader gets what was written so far without reading on.
  public void endFrame() throws IOException {
    seal(false);
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (zstd;
        out) {
      seal(true);
    }
  }

  private void room(int needed) {
    if (needed > content.length) {
      int size = Math.min(FrameCipher.CONTENT_BYTES, Math.max(needed, content.length * 2));
      content = Arrays.copyOf(content, size);
    }
  }

  private void seal(boolean last) throws IOException {
    byte[] packed = compressed();
    byte[] body = packed.length < used ? packed : content;
    int length = Math.min(packed.length, used);
    int flags = (last ? FrameCipher.LAST : 0) | (packed.length < used ? FrameCipher.ZSTD : 0);
    byte[] frameHeader =
        ByteBuffer.allocate(FrameCipher.FRAME_HEADER_BYTES)
            .putInt(flags | (length + FrameCipher.TAG_BYTES))
            .putInt(used)
            .array();
    out.write(frameHeader);
    out.write(cipher.encrypt(frame, frameHeader, body, length));
    frame++;
    used = 0;
  }

  private byte[] compressed() {
    if (used < WORTH_COMPRESSING || level == 0) {
      return content;
    }
    byte[] packed = new byte[(int) Zstd.compressBound(used)];
    int length = zstd.compressByteArray(packed, 0, packed.length, content, 0, used);
    return length < used ? Arrays.copyOf(packed, length) : content;
  }
}
