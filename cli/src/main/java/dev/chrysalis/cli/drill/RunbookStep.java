package dev.chrysalis.cli.drill;

import java.time.Duration;
import java.util.List;

/// One command of the written runbook, and what is done for it in the lab.
///
/// @param command as it is written
/// @param sleep how long the runbook sleeps after it
record RunbookStep(String command, Deed deed, Duration sleep) {
  RunbookStep {
    if (command.isBlank() || sleep.isNegative()) {
      throw new IllegalArgumentException("no step: '" + command + "', sleep " + sleep);
    }
  }

  /// A command after which the runbook goes on at once.
  RunbookStep(String command, Deed deed) {
    this(command, deed, Duration.ZERO);
  }

  /// What is done in the lab, in words.
  String inLab() {
    String what =
        switch (deed) {
          case Deed.Look look -> look.what();
          case Deed.Restart restart ->
              "restart every member of " + String.join(", ", restart.workloads());
          case Deed.LeaveOut leaveOut -> "left out: " + leaveOut.why();
        };
    return sleep.isZero() ? what : what + ", then sleep " + sleep.toSeconds() + " s";
  }

  /// What a hand does.
  sealed interface Deed {
    /// Asks the platform what there is.
    record Look(String what) implements Deed {}

    /// Replaces all members of workloads at once.
    record Restart(List<String> workloads) implements Deed {
      public Restart {
        workloads = List.copyOf(workloads);
      }
    }

    /// Does nothing.
    record LeaveOut(String why) implements Deed {}
  }
}
