package dev.chrysalis.platform.process.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// Reads lines of at most so many bytes; a longer one comes in pieces, so that no process can make
/// its reader run out of memory.
public final class LineReader {
  private final InputStream in;
  private final int limit;

  public LineReader(InputStream in, int limit) {
    this.in = new BufferedInputStream(in, 8192);
    this.limit = limit;
  }

  /// The next line without its end, or empty at the end of the stream.
  public Optional<byte[]> next() throws IOException {
    var line = new ByteArrayOutputStream(256);
    while (line.size() < limit) {
      int b = in.read();
      if (b < 0) {
        return line.size() == 0 ? Optional.empty() : Optional.of(line.toByteArray());
      }
      if (b == '\n') {
        return Optional.of(line.toByteArray());
      }
      line.write(b);
    }
    return Optional.of(line.toByteArray());
  }
}
