package dev.chrysalis.cli.drill;

import java.util.List;

/// How the written runbook's commands did.
///
/// @param recoveryTimeSeconds measured as that of a `Score`; -1 where clients were not back in time
/// @param capSeconds how long was waited at most
/// @param lost acknowledged writes that are not there, or hold another value; -1 where nothing
///   could be read
public record ByHand(double recoveryTimeSeconds, double capSeconds, long lost, List<Done> steps) {
  public ByHand {
    steps = List.copyOf(steps);
  }

  /// Whether clients were back in time.
  boolean back() {
    return recoveryTimeSeconds >= 0;
  }

  /// A command that was followed.
  ///
  /// @param atSeconds when it was begun, from the disaster on
  public record Done(double atSeconds, String command, String inLab) {}
}
