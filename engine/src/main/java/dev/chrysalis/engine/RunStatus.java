package dev.chrysalis.engine;

/// Where a run stands.
public enum RunStatus {
  /// Its journal is empty.
  NEW,
  /// A controller drives it, or died over it.
  RUNNING,
  /// Only people can go on: they approve or answer, then resume.
  WAITING,
  SUCCEEDED,
  /// It can be resumed or aborted.
  FAILED,
  /// Nothing new begins; what can be given back is given back.
  ABORTING,
  ABORTED
}
