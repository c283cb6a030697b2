package dev.chrysalis.agent.task;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobEvent;
import java.io.PrintStream;

/// How failures are told: `error CHR-5008: …` and `hint: …`, one line each, so that people and
/// controllers read the same.
public final class Failures {
  private static final String REPORT_HINT =
      "this is a fault of Chrysalis: keep the trace and report it";

  private Failures() {}

  /// Prints a failure and returns its exit code. Only a failure that is a fault of ours comes with
  /// its stack trace.
  public static int print(Throwable failure, PrintStream err) {
    ChrysalisException told = toTell(failure);
    err.println("error " + told.code() + ": " + oneLine(String.valueOf(told.getMessage())));
    err.println("hint: " + oneLine(told.hint()));
    if (told.code().equals(AgentErrors.UNEXPECTED)) {
      failure.printStackTrace(err);
    }
    err.flush();
    return told.code().category().exitCode();
  }

  /// The event with which a job ends that failed so.
  public static JobEvent.Failed event(ChrysalisException failure) {
    return new JobEvent.Failed(
        failure.code().toString(),
        oneLine(String.valueOf(failure.getMessage())),
        oneLine(failure.hint()));
  }

  /// The failure itself, or what is said of one that nobody foresaw.
  public static ChrysalisException toTell(Throwable failure) {
    return switch (failure) {
      case ChrysalisException known -> known;
      case InterruptedException _ ->
          new ChrysalisException(
              AgentErrors.TERMINATED, "interrupted before it was done", "start it again", failure);
      default ->
          new ChrysalisException(
              AgentErrors.UNEXPECTED,
              failure.getClass().getName() + ": " + failure.getMessage(),
              REPORT_HINT,
              failure);
    };
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*[\\r\\n]+\\s*", "; ");
  }
}
