package dev.chrysalis.platform.process;

/// How a member's main process is asked to end: with this signal, and killed after the grace.
/// PostgreSQL's fast shutdown is `INT`.
public record StopSpec(Signal signal, long graceMillis) {
  /// `TERM`, and five seconds.
  public static final StopSpec DEFAULT = new StopSpec(Signal.TERM, 5_000);

  public StopSpec {
    if (graceMillis < 0 || graceMillis > 600_000) {
      throw WorkloadSpec.bad("a grace is between 0 and 600000 ms: " + graceMillis);
    }
  }

  /// A signal that asks a process to end.
  public enum Signal {
    TERM(15),
    INT(2),
    QUIT(3),
    KILL(9);

    private final int number;

    Signal(int number) {
      this.number = number;
    }

    /// Its number on Linux and macOS.
    public int number() {
      return number;
    }
  }
}
