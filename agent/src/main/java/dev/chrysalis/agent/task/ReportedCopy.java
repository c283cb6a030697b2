package dev.chrysalis.agent.task;

import dev.chrysalis.platform.volume.CopyProgress;

/// Tells a report how a copy goes.
public record ReportedCopy(Report report) implements CopyProgress {
  @Override
  public void progress(String stage, long done, long total) {
    report.progress(stage, done, total);
  }

  @Override
  public void note(String text) {
    report.note(text);
  }
}
