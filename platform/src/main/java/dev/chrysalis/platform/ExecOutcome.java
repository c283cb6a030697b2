package dev.chrysalis.platform;

/// How an exec ended.
public sealed interface ExecOutcome {
  /// The process ended with this code; `errors` is the end of what it printed on standard error.
  record Exited(int code, String errors) implements ExecOutcome {}

  /// The connection broke: what became of the process is not known.
  record Broken(String reason) implements ExecOutcome {}
}
