package dev.chrysalis.cli.live;

import dev.chrysalis.engine.JournalEntry;
import dev.chrysalis.engine.JournalRecord;
import dev.chrysalis.engine.RunObserver;
import dev.chrysalis.engine.RunState;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.Ticker;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Draws a run on a terminal, over itself, four times a second, until the run ends or waits for a
/// person; the last picture stays. Safe for many threads; a thread of its own draws.
public final class LiveView implements RunObserver {
  private static final Duration PACE = Duration.ofMillis(250);
  private static final String CLEAR_BELOW = "\u001b[J";
  private static final String NO_WRAP = "\u001b[?7l";
  private static final String WRAP = "\u001b[?7h";

  private final PrintStream out;
  private final Style style;
  private final IntSupplier height;
  private final InstantSource clock;
  private final Ticker ticker;
  private final Map<String, Flow> flows = new HashMap<>();
  private final Map<String, String> waits = new HashMap<>();
  private @Nullable RunState state;
  private int drawn;
  private boolean drawing;
  private boolean asking;

  /// @param height how many lines the terminal has now
  LiveView(PrintStream out, Style style, IntSupplier height, InstantSource clock, Ticker ticker) {
    this.out = out;
    this.style = style;
    this.height = height;
    this.clock = clock;
    this.ticker = ticker;
  }

  @Override
  public synchronized void journaled(JournalRecord written, RunState after) {
    state = after;
    if (written.entry() instanceof JournalEntry.OfStep step && over(step)) {
      flows.remove(step.step());
      waits.remove(step.step());
    }
    if (written.entry() instanceof JournalEntry.RunEnded
        || written.entry() instanceof JournalEntry.RunPaused) {
      left();
    } else if (!drawing) {
      drawing = true;
      Thread.ofVirtual().name("live view").start(this::keepDrawing);
    }
  }

  @Override
  public synchronized void left() {
    if (drawing) {
      draw();
    }
    drawing = false;
    drawn = 0;
  }

  private static boolean over(JournalEntry.OfStep entry) {
    return entry instanceof JournalEntry.StepDone || entry instanceof JournalEntry.StepFailed;
  }

  @Override
  public synchronized void waitingFor(Step step, String what) {
    waits.put(step.id(), what);
    flows.remove(step.id());
  }

  @Override
  public synchronized void progress(Step step, String stage, long done, long total) {
    Flow before = flows.get(step.id());
    flows.put(
        step.id(),
        before == null
            ? Flow.begun(stage, done, total, clock.instant())
            : before.next(stage, done, total, clock.instant()));
  }

  /// Asks a person, and draws nothing meanwhile.
  public boolean whileAsking(BooleanSupplier question) {
    asking(true);
    try {
      return question.getAsBoolean();
    } finally {
      asking(false);
    }
  }

  private synchronized void asking(boolean now) {
    asking = now;
    // The question and its answer stay where they are; the next picture comes below them.
    drawn = 0;
  }

  private void keepDrawing() {
    while (drawAgain()) {
      try {
        ticker.pause(PACE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private synchronized boolean drawAgain() {
    if (drawing && !asking) {
      draw();
    }
    return drawing;
  }

  private void draw() {
    RunState now = state;
    if (now == null) {
      return;
    }
    List<String> lines =
        new Board(now, flows, waits, clock.instant())
            .lines(Math.max(3, height.getAsInt() - 1), style);
    StringBuilder picture = new StringBuilder(NO_WRAP);
    if (drawn > 0) {
      picture.append("\u001b[").append(drawn).append("A\r");
    }
    picture.append(CLEAR_BELOW);
    lines.forEach(line -> picture.append(line).append("\r\n"));
    out.print(picture.append(WRAP));
    out.flush();
    drawn = lines.size();
  }
}
