package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.platform.process.wire.LineReader;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// What one container of a member prints: the file of this incarnation and that of the previous
/// one, each of at most 4 MiB and a little. The process appends to the file itself, so its output
/// survives the supervisor; when the file grows too long it is copied and truncated, by which a few
/// lines may be lost.
final class ContainerLog {
  private static final long LONGEST = 4L << 20;
  private static final int LINE = 64 << 10;
  private static final int MOST_LINES = 20_000;

  private final Path current;
  private final Path previous;

  ContainerLog(Path directory, String container) {
    this.current = directory.resolve(container + ".log");
    this.previous = directory.resolve(container + ".previous.log");
  }

  /// Begins a new incarnation: returns the empty file that its process shall append to.
  Path begin() throws IOException {
    DurableFile.makeDirectory(parent());
    if (Files.exists(current)) {
      Files.move(current, previous, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.createFile(current, DurableFile.privately("rw-------"));
    return current;
  }

  /// Keeps the file of a process that goes on and on from filling the disk.
  void bound() throws IOException {
    if (!Files.exists(current) || Files.size(current) <= LONGEST) {
      return;
    }
    Files.copy(current, previous, StandardCopyOption.REPLACE_EXISTING);
    try (var channel = FileChannel.open(current, StandardOpenOption.WRITE)) {
      channel.truncate(0);
    }
  }

  /// The newest lines of both incarnations, oldest first.
  List<String> newest(int lines) throws IOException {
    Deque<String> kept = new ArrayDeque<>();
    int wanted = Math.clamp(lines, 0, MOST_LINES);
    collect(previous, kept, wanted);
    collect(current, kept, wanted);
    return new ArrayList<>(kept);
  }

  private static void collect(Path file, Deque<String> kept, int wanted) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      var reader = new LineReader(Channels.newInputStream(channel), LINE);
      for (Optional<byte[]> line = reader.next(); line.isPresent(); line = reader.next()) {
        kept.addLast(new String(line.get(), StandardCharsets.UTF_8));
        if (kept.size() > wanted) {
          kept.removeFirst();
        }
      }
    }
  }

  private Path parent() {
    return current.resolveSibling("");
  }
}
