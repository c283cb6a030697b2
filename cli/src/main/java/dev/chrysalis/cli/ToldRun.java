package dev.chrysalis.cli;

import dev.chrysalis.engine.RunnerSettings;
import dev.chrysalis.recovery.notice.Delivery;
import dev.chrysalis.recovery.notice.RunNotices;
import java.io.PrintStream;
import java.time.Duration;

/// A run of which the people are told whom the stack file names. Closing waits a little for what
/// was not told yet, and says what could not be.
public final class ToldRun implements AutoCloseable {
  private static final Duration SILENCE = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final RunNotices notices;
  private final PrintStream err;

  public ToldRun(Site site, PrintStream err) {
    this.notices = site.recovery().notices();
    this.err = err;
  }

  /// The settings of a runner whose run is told.
  public RunnerSettings with(RunnerSettings settings) {
    return settings.alsoTelling(notices);
  }

  @Override
  public void close() {
    if (!notices.settle(SILENCE)) {
      err.println("still telling others of this, for 20 s at most; Ctrl-C ends that");
    }
    RunNotices.Remainder left = notices.finish(PATIENCE);
    left.lost().forEach(d -> err.println(words(d)));
    left.troubles().forEach(t -> err.println("note: " + t));
  }

  private static String words(Delivery d) {
    return "note: %s was not told that the run is %s: %s"
        .formatted(d.channel(), d.state(), d.result());
  }
}
