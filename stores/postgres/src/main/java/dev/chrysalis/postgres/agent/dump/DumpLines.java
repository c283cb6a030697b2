package dev.chrysalis.postgres.agent.dump;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// A text cut into lines without being held: each line, or where it is very long each part of it,
/// is shown in a buffer that is used again.
final class DumpLines {
  private static final int BYTES = 256 * 1024;

  private final InputStream in;
  private final byte[] buffer = new byte[BYTES];
  private int from;
  private int end;
  private boolean inside;

  DumpLines(InputStream in) {
    this.in = in;
  }

  /// Who sees the lines.
  @FunctionalInterface
  interface Reader {
    /// @param begins whether the line begins here
    /// @param length with the line's end, where it ends here
    void see(byte[] bytes, int offset, int length, boolean begins) throws IOException;
  }

  /// Shows everything up to the end of the text.
  void read(Reader reader) throws IOException {
    while (fill()) {
      int at = from;
      while (at < end) {
        int newline = indexOfNewline(at);
        boolean whole = newline >= 0;
        if (!whole && (at > 0 || end < buffer.length)) {
          break;
        }
        int stop = whole ? newline + 1 : end;
        reader.see(buffer, at, stop - at, !inside);
        inside = !whole;
        at = stop;
      }
      from = at;
    }
    if (from < end) {
      reader.see(buffer, from, end - from, !inside);
      from = end;
    }
  }

  /// Moves what is left to the front and reads more behind it; false at the end of the text.
  private boolean fill() throws IOException {
    System.arraycopy(buffer, from, buffer, 0, end - from);
    end -= from;
    from = 0;
    int got = in.read(buffer, end, buffer.length - end);
    end += Math.max(got, 0);
    return got >= 0;
  }

  private int indexOfNewline(int at) {
    for (int i = at; i < end; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /// Whether a stretch of a buffer begins with these bytes.
  static boolean startsWith(byte[] bytes, int offset, int length, byte[] beginning) {
    return length >= beginning.length
        && Arrays.equals(bytes, offset, offset + beginning.length, beginning, 0, beginning.length);
  }
}
