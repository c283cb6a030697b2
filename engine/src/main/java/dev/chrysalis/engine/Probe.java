package dev.chrysalis.engine;

import java.util.Map;

/// What a look at a step's goal found.
public sealed interface Probe {
  /// The goal is reached; the evidence is kept.
  record Reached(Map<String, String> evidence) implements Probe {
    public Reached {
      evidence = Map.copyOf(evidence);
    }
  }

  /// Not yet.
  ///
  /// @param waitingFor what is missing, for the person who waits: `perception-1 ready (1 of 2)`
  record Waiting(String waitingFor) implements Probe {}

  /// Not yet, and nobody works towards it any more: what the act had started is gone. A convergent
  /// step acts again.
  ///
  /// @param what what is gone, for the person who waits: `the feed beside postgres-0`
  record Stalled(String what) implements Probe {}

  /// It will never be reached; waiting longer is no use.
  record Broken(String why, String hint) implements Probe {}
}
