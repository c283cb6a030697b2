package dev.chrysalis.lab.ledger;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads the whole lines of a file from its start and counts their bytes, so that an appender knows
/// where the last whole line ended.
final class LineReader {
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024).flip();
  private long consumed;

  LineReader(FileChannel channel) {
    this.channel = channel;
  }

  /// The next whole line without its end; empty at the end of the file or at an unfinished line.
  Optional<String> next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (buffer.hasRemaining() || fill()) {
      byte b = buffer.get();
      if (b == '\n') {
        consumed += line.size() + 1L;
        return Optional.of(line.toString(StandardCharsets.UTF_8));
      }
      line.write(b);
    }
    return Optional.empty();
  }

  /// How many bytes the lines had that `next` returned.
  long consumed() {
    return consumed;
  }

  private boolean fill() throws IOException {
    buffer.clear();
    int read = channel.read(buffer);
    buffer.flip();
    return read > 0;
  }
}
