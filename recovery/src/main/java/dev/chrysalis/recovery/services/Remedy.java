package dev.chrysalis.recovery.services;

/// What helps a service.
public enum Remedy {
  /// Nothing has to be done, or nothing that is done to the service itself would help.
  NONE,
  /// It comes by itself; it is restarted only where it does not.
  AWAIT,
  /// Fresh processes of the same revision.
  RESTART,
  /// The last revision that was ready.
  ROLL_BACK,
  /// As many members as are declared, or were seen while all was well.
  SCALE_UP
}
