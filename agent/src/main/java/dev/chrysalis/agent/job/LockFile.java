package dev.chrysalis.agent.job;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// A lock between processes: held on a file until it is closed or its process is gone, however it
/// went. The kernel keeps it, so it needs no cleaning up after a crash.
///
/// A process must open a lock's file only once at a time: closing any channel of the file would
/// give up the lock.
public final class LockFile implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Path file;
  private final FileChannel channel;

  private LockFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// Takes the lock, waiting for it as long as given; empty when somebody else kept it.
  public static Optional<LockFile> take(Path file, Duration wait) throws IOException {
    FileChannel channel = PrivateFiles.open(file, StandardOpenOption.READ);
    long until = System.nanoTime() + wait.toNanos();
    do {
      if (attempt(channel, false)) {
        return Optional.of(new LockFile(file, channel));
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    } while (System.nanoTime() < until && !Thread.currentThread().isInterrupted());
    channel.close();
    return Optional.empty();
  }

  /// Whether a process holds the lock. Not to be asked by the process that does.
  public static boolean held(Path file) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return !attempt(channel, true);
    }
  }

  private static boolean attempt(FileChannel channel, boolean shared) throws IOException {
    try {
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /// Closes it where nothing can be done about a failure but to tell.
  public void release() {
    try {
      close();
    } catch (IOException e) {
      throw PrivateFiles.failed("unlock", file, e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
