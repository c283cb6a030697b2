package dev.chrysalis.platform.process.supervisor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// The supervisor's program: `SupervisorMain STATE_DIR`. Ends with 0 when it was shut down, with 3
/// where another supervisor holds the directory, with 1 when something of it did not end.
public final class SupervisorMain {
  static final int ALREADY_THERE = 3;

  private SupervisorMain() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length != 1) {
      System.err.println("usage: SupervisorMain STATE_DIR");
      System.exit(2);
    }
    Optional<Supervisor> started = Supervisor.start(Path.of(arguments[0]));
    if (started.isEmpty()) {
      System.exit(ALREADY_THERE);
      return;
    }
    boolean clean;
    try (Supervisor supervisor = started.get()) {
      clean = supervisor.await();
    }
    // The reply to `shutdown` may not get out any more; clients take the closed socket for it.
    System.exit(clean ? 0 : 1);
  }
}
