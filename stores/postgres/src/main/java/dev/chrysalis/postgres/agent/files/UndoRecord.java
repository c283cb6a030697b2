package dev.chrysalis.postgres.agent.files;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// One thing that an in-place restore is about to do to a data directory, with what is needed to
/// undo it. Paths are relative to the data directory; what lies in a tablespace is named through
/// its link.
sealed interface UndoRecord {
  /// What it is done to.
  String path();

  /// A file, link or directory is moved to `aside`.
  record Moved(String path, String aside) implements UndoRecord {
    public Moved {
      check(path);
      check(aside);
    }
  }

  /// Something is created where nothing is.
  record Created(String path) implements UndoRecord {
    public Created {
      check(path);
    }
  }

  /// A file's or directory's mode is changed; `mode` is the old one.
  record Mode(String path, int mode) implements UndoRecord {
    public Mode {
      check(path);
    }
  }

  /// A file is made longer or shorter; `bytes` is the old size.
  record Size(String path, long bytes) implements UndoRecord {
    public Size {
      check(path);
    }
  }

  /// A stretch of a file is overwritten or cut off; `content` is the old one.
  record Stretch(String path, long position, ByteBuffer content) implements UndoRecord {
    public Stretch {
      check(path);
    }
  }

  private static void check(String path) {
    Path parsed = Path.of(path);
    if (path.isEmpty() || parsed.isAbsolute() || !parsed.normalize().toString().equals(path)) {
      throw new IllegalArgumentException("not a plain relative path: " + path);
    }
    if (parsed.startsWith("..")) {
      throw new IllegalArgumentException("a path that leads outside: " + path);
    }
  }

  /// The record as bytes.
  default byte[] encoded() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    try {
      switch (this) {
        case Moved moved -> {
          head(out, 'M');
          out.writeUTF(moved.aside);
        }
        case Created _ -> head(out, 'C');
        case Mode mode -> {
          head(out, 'P');
          out.writeInt(mode.mode);
        }
        case Size size -> {
          head(out, 'S');
          out.writeLong(size.bytes);
        }
        case Stretch stretch -> {
          head(out, 'B');
          out.writeLong(stretch.position);
          byte[] content = new byte[stretch.content.remaining()];
          stretch.content.duplicate().get(content);
          out.write(content);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("writing into memory failed", e);
    }
    return bytes.toByteArray();
  }

  private void head(DataOutputStream out, char kind) throws IOException {
    out.writeByte(kind);
    out.writeUTF(path());
  }

  /// The record that these bytes are; `IOException` where they are none.
  static UndoRecord decode(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    try {
      char kind = (char) in.readByte();
      String path = in.readUTF();
      return switch (kind) {
        case 'M' -> new Moved(path, in.readUTF());
        case 'C' -> new Created(path);
        case 'P' -> new Mode(path, in.readInt());
        case 'S' -> new Size(path, in.readLong());
        case 'B' -> new Stretch(path, in.readLong(), ByteBuffer.wrap(in.readAllBytes()));
        default -> throw new IOException("an undo record of the unknown kind " + kind);
      };
    } catch (IllegalArgumentException e) {
      throw new IOException("an undo record with a bad path", e);
    }
  }
}
