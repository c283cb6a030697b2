package dev.chrysalis.agent.job;

import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.JobLine;
import dev.chrysalis.platform.job.JobLines;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/// Appends a job's events to its file. The first `Done` or `Failed` ends it; what comes after that
/// is dropped. Notes and the end are on disk when `append` returns. Room for the end is set aside
/// beforehand, so that a job which fills the disk can still say so. Safe for many threads; those
/// may be interrupted, which would close a `FileChannel` under them.
final class JobJournal implements AutoCloseable {
  private static final int RESERVED = 64 * 1024;

  private final Path file;
  private final Path reserve;
  private final RandomAccessFile output;
  private final InstantSource clock;
  private final JobLines lines = new JobLines();
  private long next;
  private boolean ended;

  private JobJournal(Path file, RandomAccessFile output, long next, InstantSource clock)
      throws IOException {
    this.file = file;
    this.reserve = file.resolveSibling("reserve");
    this.output = output;
    this.next = next;
    this.clock = clock;
    Files.deleteIfExists(reserve);
    try (FileChannel reserved = PrivateFiles.open(reserve)) {
      ByteBuffer bytes = ByteBuffer.allocate(RESERVED);
      while (bytes.hasRemaining()) {
        reserved.write(bytes);
      }
    }
  }

  /// Opens the events of a job, to go on after those of an attempt that was lost; a line that its
  /// crash cut short is removed.
  static JobJournal open(Path events, InstantSource clock) {
    try {
      EventTail tail = EventTail.of(events);
      PrivateFiles.open(events).close();
      RandomAccessFile output = new RandomAccessFile(events.toFile(), "rw");
      output.setLength(tail.completeBytes());
      output.seek(tail.completeBytes());
      long next = tail.last().map(line -> line.n() + 1).orElse(0L);
      return new JobJournal(events, output, next, clock);
    } catch (IOException e) {
      throw PrivateFiles.failed("open", events, e);
    }
  }

  synchronized void append(JobEvent event) {
    if (ended) {
      return;
    }
    boolean end = event instanceof JobEvent.Done || event instanceof JobEvent.Failed;
    try {
      if (end) {
        Files.deleteIfExists(reserve);
      }
      String line = lines.encode(new JobLine(next, clock.instant(), event)) + "\n";
      writeLine(line.getBytes(StandardCharsets.UTF_8));
      next++;
      if (!(event instanceof JobEvent.Progress)) {
        output.getFD().sync();
      }
      ended = end;
    } catch (IOException e) {
      throw PrivateFiles.failed("write", file, e);
    }
  }

  /// A line that does not fit is taken back, so that the next one does not follow half a line.
  private void writeLine(byte[] line) throws IOException {
    long begin = output.getFilePointer();
    try {
      output.write(line);
    } catch (IOException e) {
      output.setLength(begin);
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      output.close();
    } catch (IOException e) {
      throw PrivateFiles.failed("close", file, e);
    }
  }
}
