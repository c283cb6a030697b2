package dev.chrysalis.cli.command;

import java.util.concurrent.atomic.AtomicBoolean;

/// Work that may take long and is done beside the loop of `protect`, never twice at once. For the
/// loop's thread.
final class OneAtATime {
  private final AtomicBoolean running = new AtomicBoolean();

  /// Starts it, unless it runs still.
  void start(String name, Runnable work) {
    if (!running.compareAndSet(false, true)) {
      return;
    }
    Thread.ofVirtual()
        .name(name)
        .start(() -> {
          try {
            work.run();
          } finally {
            running.set(false);
          }
        });
  }
}
