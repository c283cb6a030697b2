package dev.chrysalis.engine;

/// Asks the person who sits in front.
@FunctionalInterface
public interface Approver {
  /// Shows the step and waits for the answer. False means not now: the run pauses once nothing else
  /// can go on, and `Decisions.approve` followed by a resume continues it. Called by one thread at
  /// a time, while independent steps go on; interrupted when the controller stops.
  boolean approves(Step step);

  /// Nobody sits in front.
  static Approver absent() {
    return step -> false;
  }
}
