package dev.chrysalis.engine;

/// What the person who starts a run has approved.
public enum Consent {
  /// Every step that needs it is asked for when its turn comes.
  STEP_BY_STEP,
  /// The whole plan, as shown: `--approve`.
  WHOLE_PLAN
}
