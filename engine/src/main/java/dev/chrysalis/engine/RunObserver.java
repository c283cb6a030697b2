package dev.chrysalis.engine;

/// Watches a run, for a live view. Called by many threads, with no lock held, after the fact; must
/// return soon and not throw. Nothing depends on it.
public interface RunObserver {
  /// The controller holds the run; nothing was told before this.
  ///
  /// @param run its name
  default void entered(String run) {}

  /// Something was journaled, also by others: a decision, a step that moved on, a note.
  ///
  /// @param after the whole state with this record
  default void journaled(JournalRecord written, RunState after) {}

  /// The step's goal is not reached yet.
  default void waitingFor(Step step, String what) {}

  /// How far an act is.
  ///
  /// @param total 0 while not known
  default void progress(Step step, String stage, long done, long total) {}

  /// The controller leaves the run, however it ended; nothing is told after this.
  default void left() {}

  /// Both of them, this one first.
  default RunObserver and(RunObserver other) {
    return new TwoObservers(this, other);
  }

  static RunObserver none() {
    return new RunObserver() {};
  }
}
