package dev.chrysalis.engine;

/// Tells two observers, one after the other.
record TwoObservers(RunObserver first, RunObserver second) implements RunObserver {
  @Override
  public void entered(String run) {
    first.entered(run);
    second.entered(run);
  }

  @Override
  public void journaled(JournalRecord written, RunState after) {
    first.journaled(written, after);
    second.journaled(written, after);
  }

  @Override
  public void waitingFor(Step step, String what) {
    first.waitingFor(step, what);
    second.waitingFor(step, what);
  }

  @Override
  public void progress(Step step, String stage, long done, long total) {
    first.progress(step, stage, done, total);
    second.progress(step, stage, done, total);
  }

  @Override
  public void left() {
    first.left();
    second.left();
  }
}
