package dev.chrysalis.platform.job;

import java.util.Map;

/// What a job says of itself: one JSON line each, numbered from 0. `Done` and `Failed` end it.
public sealed interface JobEvent {
  /// How far it is. `total` is 0 while it is not known.
  ///
  /// @param stage what it is doing: `restoring files`
  /// @param done units done, bytes unless the stage says otherwise
  record Progress(String stage, long done, long total) implements JobEvent {}

  /// Something worth keeping: a finding, a choice, a warning.
  record Note(String text) implements JobEvent {}

  /// It reached its goal.
  record Done(Map<String, String> result) implements JobEvent {
    public Done {
      result = Map.copyOf(result);
    }
  }

  /// It did not.
  ///
  /// @param code `CHR-5003`
  record Failed(String code, String message, String hint) implements JobEvent {}
}
