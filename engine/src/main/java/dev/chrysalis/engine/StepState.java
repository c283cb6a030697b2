package dev.chrysalis.engine;

/// Where a step of a run stands.
public enum StepState {
  /// Nothing was decided yet.
  PENDING,
  /// A person has to approve it.
  AWAITING_APPROVAL,
  /// Its choices are journaled; the act has not begun.
  CHOSEN,
  /// The act may have happened.
  INTENDED,
  /// The act returned; the goal is not seen reached yet.
  ACTED,
  DONE,
  FAILED,
  /// After a crash nobody can tell whether the act had happened; a person has to answer.
  UNKNOWN,
  /// It is being given back.
  UNDOING,
  /// It was given back and counts as not done.
  UNDONE
}
