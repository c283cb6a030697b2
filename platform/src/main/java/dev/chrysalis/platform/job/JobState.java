package dev.chrysalis.platform.job;

import java.util.Map;

/// What is known of a job.
public sealed interface JobState {
  /// Nothing runs under that name, and nothing ran: it can be started.
  record NotStarted() implements JobState {}

  /// Its process runs.
  ///
  /// @param attempt which attempt it is, from 1
  /// @param last how far it was when it last said so
  record Running(int attempt, JobEvent.Progress last) implements JobState {}

  /// It reached its goal.
  record Done(Map<String, String> result) implements JobState {
    public Done {
      result = Map.copyOf(result);
    }
  }

  /// It ended without reaching its goal, and said why.
  ///
  /// @param code `CHR-5003`
  record Failed(String code, String message, String hint) implements JobState {}

  /// Its process is gone and left no result: what it did is not known. A convergent task can be
  /// started again as the next attempt.
  ///
  /// @param attempt the attempt that was lost, from 1
  record Lost(int attempt) implements JobState {}
}
