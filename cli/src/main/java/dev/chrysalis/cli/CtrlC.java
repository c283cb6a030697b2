package dev.chrysalis.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Ends a run in good order when the person at the terminal interrupts it: the thread that drives
/// it is interrupted, gives the lease back, and what to do next is said before the process ends.
/// The journal needs none of this; it only saves the next controller the wait for the lease. Once
/// the run is over what comes after it can be interrupted, too, and changes neither its end nor the
/// exit code.
public final class CtrlC implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook;
  private volatile @Nullable Integer over;

  /// @param driving the thread that drives the run
  public CtrlC(Thread driving, PrintStream err) {
    hook = new Thread(() -> end(driving, err), "ctrl-c");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// The run is driven no more, with that exit code: it ended, failed or waits for somebody.
  public void over(int code) {
    over = code;
  }

  private void end(Thread driving, PrintStream err) {
    driving.interrupt();
    try {
      boolean inOrder = closed.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      err.println();
      Integer code = over;
      if (code != null) {
        err.println("Interrupted after the run: what was said of it holds, and is journaled.");
        err.flush();
        Runtime.getRuntime().halt(code);
      }
      err.println("Interrupted: what was done is journaled, nothing is lost.");
      err.println("hint: go on with chrysalis resume" + (inOrder ? "" : ", in half a minute"));
      err.flush();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already: the hook is what we are here for.
      return;
    }
  }
}
