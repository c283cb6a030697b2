package dev.chrysalis.cli;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.control.RestoreGround;
import dev.chrysalis.recovery.Planner;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Upon what the first member is restored: `--in-place` and `--no-way-back`.
public final class GroundOptions {
  @Option(
      names = "--in-place",
      description =
          "restore over the data that is there and write only what differs, instead of setting it"
              + " aside: as fast as it is read. The old data can come back until the server is"
              + " started (data-corrupted, store-lost)")
  private boolean inPlace;

  @Option(
      names = "--no-way-back",
      description = "with --in-place: keep nothing of what is written over")
  private boolean noWayBack;

  /// What was asked for. Refused where it does not belong to the scenario.
  public RestoreGround ground(Optional<String> scenario) {
    if (noWayBack && !inPlace) {
      throw new ChrysalisException(
          CliErrors.BAD_USAGE,
          "--no-way-back only goes with --in-place",
          "see chrysalis recover --help");
    }
    RestoreGround ground =
        noWayBack
            ? RestoreGround.IN_PLACE_NO_WAY_BACK
            : inPlace ? RestoreGround.IN_PLACE : RestoreGround.FRESH;
    Planner.refuseInPlace(scenario, ground);
    return ground;
  }
}
