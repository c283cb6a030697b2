package dev.chrysalis.agent.task;

import java.util.Map;

/// One piece of an agent's work.
public interface Task {
  /// Does the work in the caller's thread and returns its result; short texts, no secrets. Throws
  /// `ChrysalisException` when it cannot, `InterruptedException` when it was told to stop.
  Map<String, String> run(Report report) throws InterruptedException;

  /// Whether it changes the member's volume: only one such task runs at a time, and the member's
  /// server is not started meanwhile.
  boolean changesVolume();
}
