package dev.chrysalis.agent.postgres;

import dev.chrysalis.agent.task.Report;
import dev.chrysalis.postgres.agent.files.CopyProgress;

/// Tells a report how a copy goes.
record ReportedCopy(Report report) implements CopyProgress {
  @Override
  public void progress(String stage, long done, long total) {
    report.progress(stage, done, total);
  }

  @Override
  public void note(String text) {
    report.note(text);
  }
}
