package dev.chrysalis.agent.job;

import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.JobLine;
import dev.chrysalis.platform.job.JobLines;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The last events of a job, read from the end of its file however long that is. A last line
/// without a line break was cut short by a crash and does not count.
///
/// @param lines the last events, oldest first
/// @param completeBytes how long the file is up to its last complete line
record EventTail(List<JobLine> lines, long completeBytes) {
  /// Longer than any event that a task writes.
  private static final int WINDOW = 128 * 1024;

  static EventTail of(Path events) throws IOException {
    try (FileChannel channel = FileChannel.open(events, StandardOpenOption.READ)) {
      long from = Math.max(0, channel.size() - WINDOW);
      ByteBuffer window = ByteBuffer.allocate((int) (channel.size() - from));
      while (window.hasRemaining() && channel.read(window, from + window.position()) > 0) {}
      return parse(window.array(), window.position(), from);
    } catch (NoSuchFileException e) {
      return new EventTail(List.of(), 0);
    }
  }

  private static EventTail parse(byte[] bytes, int length, long from) {
    JobLines codec = new JobLines();
    List<JobLine> lines = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '\n') {
        String text = new String(bytes, begin, i - begin, StandardCharsets.UTF_8);
        codec.decode(text).ifPresent(lines::add);
        begin = i + 1;
      }
    }
    return new EventTail(List.copyOf(lines), from + begin);
  }

  Optional<JobLine> last() {
    return lines.isEmpty() ? Optional.empty() : Optional.of(lines.getLast());
  }

  /// The newest progress among the last events.
  Optional<JobEvent.Progress> progress() {
    for (JobLine line : lines.reversed()) {
      if (line.event() instanceof JobEvent.Progress p) {
        return Optional.of(p);
      }
    }
    return Optional.empty();
  }
}
