package dev.chrysalis.cli;

import dev.chrysalis.agent.postgres.RestoreGoalConverter;
import dev.chrysalis.model.stack.Durations;
import dev.chrysalis.postgres.RestoreGoal;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.recovery.Planner;
import dev.chrysalis.recovery.RestoreAim;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// To which moment the data is to be brought: `--to` and `--timeline`.
public final class TargetOptions {
  private static final Duration PACE = Duration.ofSeconds(2);

  @Option(
      names = "--to",
      paramLabel = "TARGET",
      converter = RestoreGoalConverter.class,
      description = "the moment to go back to: " + RestoreGoal.FORMS)
  private @Nullable RestoreGoal goal;

  @Option(
      names = "--timeline",
      paramLabel = "N",
      description = "the timeline on which that moment lies (the newest; see restore-points)")
  private @Nullable Integer timeline;

  /// What was asked for; empty where nothing was. Refused where it does not belong to the scenario.
  public Optional<RestoreAim> aim(Optional<String> scenario) {
    Planner.refuseBadWords(scenario, goal != null);
    return Optional.ofNullable(goal).map(g -> new RestoreAim(g, Optional.ofNullable(timeline)));
  }

  /// Whether any was asked for.
  public boolean isGiven() {
    return goal != null || timeline != null;
  }

  /// What was asked for, or the newest moment.
  public RestoreAim orLatest() {
    RestoreGoal given = goal == null ? new RestoreGoal.Latest() : goal;
    return new RestoreAim(given, Optional.ofNullable(timeline));
  }

  /// Tells on `told` how far the vault's WAL was read, where that takes a while.
  public static WalInVault.Reading reading(PrintStream told) {
    long[] last = {System.nanoTime()};
    long begun = last[0];
    return (bytes, total) -> {
      long now = System.nanoTime();
      if (now - last[0] >= PACE.toNanos()) {
        last[0] = now;
        told.printf(
            "reading WAL in the vault: %d of %d MB, %s%n",
            bytes / 1_000_000, total / 1_000_000, Durations.show(Duration.ofNanos(now - begun)));
      }
    };
  }
}
