package dev.chrysalis.engine;

/// What may be done about a step whose outcome is not known after a crash.
public enum StepKind {
  /// Doing it again leads to the same end: it is done again.
  CONVERGENT,
  /// Doing it twice does harm (promotion, rollback, offset reset): its outcome is reconciled from
  /// evidence, else the run stops and asks.
  ONCE,
  /// As `ONCE`, and there is no way back behind it: shown and approved as such.
  POINT_OF_NO_RETURN
}
