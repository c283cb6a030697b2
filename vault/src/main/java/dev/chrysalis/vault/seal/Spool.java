package dev.chrysalis.vault.seal;

import dev.chrysalis.vault.backend.Body;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/// A private temporary file that is unlinked as soon as it is open, so that not even a kill leaves
/// it behind. One thread writes; many may read what was written.
public final class Spool implements AutoCloseable {
  private final FileChannel file;
  private long size;

  public Spool(Path directory) {
    Path path = directory.resolve("chrysalis-" + UUID.randomUUID() + ".spool");
    try {
      this.file =
          FileChannel.open(
              path,
              Set.of(
                  StandardOpenOption.CREATE_NEW,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.DELETE_ON_CLOSE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (IOException e) {
      throw Damage.spool(e);
    }
  }

  public long size() {
    return size;
  }

  /// Appends; closing the stream does nothing.
  public OutputStream appender() {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes, offset, length);
        while (left.hasRemaining()) {
          size += file.write(left, size);
        }
      }
    };
  }

  /// A stretch of what was written.
  public InputStream read(long from, long to) {
    return new InputStream() {
      private long position = from;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        int wanted = (int) Math.min(length, to - position);
        if (wanted == 0) {
          return length == 0 ? 0 : -1;
        }
        int n = file.read(ByteBuffer.wrap(into, offset, wanted), position);
        position += Math.max(n, 0);
        return n;
      }
    };
  }

  /// All that was written, as an object's body; valid until this is closed.
  public Body body() {
    long length = size;
    return new Body() {
      @Override
      public long length() {
        return length;
      }

      @Override
      public InputStream open() {
        return read(0, length);
      }
    };
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw Damage.spool(e);
    }
  }
}
