package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.platform.PlatformEvent;
import dev.chrysalis.platform.process.wire.Json;
import dev.chrysalis.platform.process.wire.LineReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// The newest events, in memory and in a file that survives the supervisor. Both are bounded. An
/// event is a help to a person, not a record that anything relies on: it is not fsynced, and where
/// it cannot be written it is kept in memory only. Safe for many threads.
final class EventLog {
  private static final int KEPT = 4_000;
  private static final int LONGEST = 16_384;

  private final Path file;
  private final Clock clock;
  private final Deque<PlatformEvent> events = new ArrayDeque<>();
  private int inFile;

  EventLog(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
    load();
  }

  synchronized void add(String subject, String reason, String message) {
    var event = new PlatformEvent(clock.instant(), subject, reason, message);
    events.addLast(event);
    if (events.size() > KEPT) {
      events.removeFirst();
    }
    try {
      append(event);
    } catch (IOException _) {
      // A full disk or a removed state directory; the supervisor deals with those elsewhere.
      inFile++;
    }
  }

  /// The newest events of a workload and its members, oldest first.
  synchronized List<PlatformEvent> of(String workload, int newest) {
    List<PlatformEvent> all = events.stream().filter(e -> isAbout(e, workload)).toList();
    return List.copyOf(all.subList(Math.max(0, all.size() - Math.max(0, newest)), all.size()));
  }

  private static boolean isAbout(PlatformEvent event, String workload) {
    String subject = event.subject();
    return subject.equals(workload)
        || (subject.startsWith(workload + "-")
            && subject.substring(workload.length() + 1).chars().allMatch(Character::isDigit));
  }

  private void append(PlatformEvent event) throws IOException {
    if (inFile >= 2 * KEPT) {
      rewrite();
      return;
    }
    Files.write(
        file, withEnd(Json.line(event)), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    inFile++;
  }

  private void rewrite() throws IOException {
    Path temporary = file.resolveSibling("events.jsonl.tmp");
    Files.deleteIfExists(temporary);
    Files.createFile(temporary, DurableFile.privately("rw-------"));
    try (var out = Files.newOutputStream(temporary)) {
      for (PlatformEvent event : events) {
        out.write(withEnd(Json.line(event)));
      }
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    inFile = events.size();
  }

  private static byte[] withEnd(byte[] line) {
    var out = new ByteArrayOutputStream(line.length + 1);
    out.writeBytes(line);
    out.write('\n');
    return out.toByteArray();
  }

  private void load() {
    if (!Files.exists(file)) {
      return;
    }
    try (var in = Files.newInputStream(file)) {
      var lines = new LineReader(in, LONGEST);
      for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
        keep(line.get());
      }
      rewrite();
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the events of " + file, e);
    }
  }

  private void keep(byte[] line) {
    try {
      events.addLast(Json.read(line, PlatformEvent.class));
      if (events.size() > KEPT) {
        events.removeFirst();
      }
    } catch (IOException _) {
      // The supervisor was killed while it wrote this line.
      inFile++;
    }
  }
}
