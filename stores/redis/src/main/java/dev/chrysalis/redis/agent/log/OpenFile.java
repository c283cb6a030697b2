package dev.chrysalis.redis.agent.log;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/// A file that is kept open, so that it can be read to its end when its name is gone. Reads at any
/// place; safe for many threads.
final class OpenFile implements AutoCloseable {
  private static final int TAIL_BYTES = 4096;
  private static final int HASH_BYTES = 16;

  private final Path path;
  private final String inode;
  private final FileChannel channel;

  private OpenFile(Path path, String inode, FileChannel channel) {
    this.path = path;
    this.inode = inode;
    this.channel = channel;
  }

  /// Opens the file that has the name now; empty where none has it.
  static Optional<OpenFile> open(Path path) {
    try {
      while (true) {
        String before = inode(path);
        FileChannel channel = FileChannel.open(path);
        boolean same = false;
        try {
          same = before.equals(inode(path));
        } finally {
          if (!same) {
            channel.close();
          }
        }
        if (same) {
          return Optional.of(new OpenFile(path, before, channel));
        }
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw AofFolder.unreadable(path, e);
    }
  }

  private static String inode(Path path) throws IOException {
    return String.valueOf(Files.getAttribute(path, "unix:ino"));
  }

  /// Whether the name still is this file's.
  boolean isNamed() {
    try {
      return inode.equals(inode(path));
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw AofFolder.unreadable(path, e);
    }
  }

  Path path() {
    return path;
  }

  String name() {
    return String.valueOf(path.getFileName());
  }

  String inode() {
    return inode;
  }

  long size() {
    try {
      return channel.size();
    } catch (IOException e) {
      throw AofFolder.unreadable(path, e);
    }
  }

  /// When something was written to it last.
  Instant modified() {
    try {
      return Files.getLastModifiedTime(path).toInstant();
    } catch (IOException e) {
      throw AofFolder.unreadable(path, e);
    }
  }

  /// Fills the buffer from a place on, up to the file's end, and turns it round for reading.
  void read(long from, ByteBuffer into) {
    long start = into.position();
    try {
      int got = 0;
      while (into.hasRemaining() && got >= 0) {
        got = channel.read(into, from + into.position() - start);
      }
    } catch (IOException e) {
      throw AofFolder.unreadable(path, e);
    }
    into.flip();
  }

  /// A stream of its content from the beginning on; needs no closing.
  InputStream stream() {
    return new InputStream() {
      private long at;

      @Override
      public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] into, int offset, int length) {
        ByteBuffer buffer = ByteBuffer.wrap(into, offset, length).slice();
        OpenFile.this.read(at, buffer);
        at += buffer.remaining();
        return buffer.hasRemaining() || length == 0 ? buffer.remaining() : -1;
      }
    };
  }

  /// The hash of the last bytes before a place.
  String tail(long before) {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(TAIL_BYTES, before));
    read(before - bytes.capacity(), bytes);
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes);
      return HexFormat.of().formatHex(digest.digest(), 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It was only read.
    }
  }
}
