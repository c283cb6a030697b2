package dev.chrysalis.lab.ledger;

import dev.chrysalis.lab.LabErrors;
import dev.chrysalis.model.ChrysalisException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What the load wrote and what was acknowledged of it, outside the blast radius: one append-only
/// file of lines `attempted ID VALUE TIME` and `acknowledged ID TIME`. Lines are handed to the
/// operating system at once and not synced: the ledger outlives the load's process, not a power
/// cut. A last line that a crash cut short is ignored, and ended before the next one is appended.
///
/// All writes are kept in memory too, about 200 bytes each: a lab lives for hours, not for years.
/// Safe for many threads.
public final class Ledger implements AutoCloseable {
  private static final String ATTEMPTED = "attempted";
  private static final String ACKNOWLEDGED = "acknowledged";

  private final Path file;
  private final FileChannel channel;
  private final NavigableMap<Long, Write> writes = new TreeMap<>();

  private Ledger(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// Opens the ledger in that file, which is created where it is missing. One process at a time
  /// appends to it.
  public static Ledger open(Path file) {
    try {
      FileChannel channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Ledger ledger = new Ledger(file, channel);
      ledger.replay();
      return ledger;
    } catch (IOException e) {
      throw broken(file, e);
    }
  }

  /// Records that a write is about to be sent.
  public synchronized void attempted(long id, String value, Instant at) {
    if (value.isEmpty() || value.chars().anyMatch(Character::isWhitespace)) {
      throw new IllegalArgumentException("a value of the ledger is one word: '" + value + "'");
    }
    append(ATTEMPTED + " " + id + " " + value + " " + at);
    writes.put(id, new Write(id, value, at, Optional.empty()));
  }

  /// Records that a write was acknowledged; the first acknowledgement counts.
  public synchronized void acknowledged(long id, Instant at) {
    Write write = writes.get(id);
    if (write == null) {
      throw new IllegalArgumentException("never attempted: " + id);
    }
    if (!write.acknowledged()) {
      append(ACKNOWLEDGED + " " + id + " " + at);
      writes.put(id, write.acknowledged(at));
    }
  }

  /// The highest id attempted, 0 where there is none.
  public synchronized long lastId() {
    return writes.isEmpty() ? 0 : writes.lastKey();
  }

  /// How many writes were acknowledged.
  public synchronized long acknowledgedCount() {
    return writes.values().stream().filter(Write::acknowledged).count();
  }

  /// When the first write that was *attempted* after that moment was acknowledged; writes that were
  /// already on their way then do not count.
  public synchronized Optional<Instant> firstAcknowledgedAfter(Instant moment) {
    return writes.values().stream()
        .filter(w -> w.attempted().isAfter(moment))
        .flatMap(w -> w.acknowledgedAt().stream())
        .min(Comparator.naturalOrder());
  }

  /// All writes in the order of their ids, as of now.
  public synchronized Collection<Write> writes() {
    return List.copyOf(writes.values());
  }

  @Override
  public synchronized void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw broken(file, e);
    }
  }

  private void append(String line) {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw broken(file, e);
    }
  }

  private void replay() throws IOException {
    LineReader lines = new LineReader(channel);
    Optional<String> line = lines.next();
    while (line.isPresent()) {
      replay(line.get());
      line = lines.next();
    }
    channel.truncate(lines.consumed());
    channel.position(lines.consumed());
  }

  private void replay(String line) {
    String[] words = line.split(" ", -1);
    if (words.length == 4 && words[0].equals(ATTEMPTED)) {
      long id = Long.parseLong(words[1]);
      writes.put(id, new Write(id, words[2], Instant.parse(words[3]), Optional.empty()));
    } else if (words.length == 3 && words[0].equals(ACKNOWLEDGED)) {
      Instant at = Instant.parse(words[2]);
      writes.computeIfPresent(Long.parseLong(words[1]), (id, write) -> write.acknowledged(at));
    } else {
      throw new ChrysalisException(
          LabErrors.LEDGER,
          "the ledger " + file + " holds a line that no ledger wrote",
          "remove the lab (chrysalis lab down) and make a new one");
    }
  }

  private static ChrysalisException broken(Path file, IOException cause) {
    return new ChrysalisException(
        LabErrors.LEDGER,
        "the ledger " + file + " cannot be used",
        "check that its folder exists, is writable and has room",
        cause);
  }
}
