package dev.chrysalis.agent.task;

/// Whom a task tells how far it is. Safe for many threads.
public interface Report {
  /// How far it is; may be called as often as one likes. `total` is 0 while it is not known.
  void progress(String stage, long done, long total);

  /// Something worth keeping: a choice that was made, a finding, a warning.
  void note(String text);
}
