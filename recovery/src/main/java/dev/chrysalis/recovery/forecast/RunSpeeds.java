package dev.chrysalis.recovery.forecast;

import dev.chrysalis.cassandra.control.RestoreNode;
import dev.chrysalis.engine.RunState;
import dev.chrysalis.engine.StepProgress;
import dev.chrysalis.engine.StepState;
import dev.chrysalis.postgres.control.ProtectAgain;
import dev.chrysalis.postgres.control.RestoreInPlace;
import dev.chrysalis.postgres.control.RestoreMember;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// How fast the steps of one run were. Only what was done at the first attempt, by an act of this
/// run, counts; of several steps of one action the slowest does.
///
/// @param seconds by the action's name: how long the step took, without the time in which bytes
///   were moved
/// @param bytesPerSecond by the action's name: how fast it moved bytes; a restore in place reads
///   all of them, whatever it writes
public record RunSpeeds(Map<String, Double> seconds, Map<String, Double> bytesPerSecond) {
  private static final Set<String> MOVING =
      Set.of(
          RestoreMember.NAME,
          RestoreInPlace.NAME,
          ProtectAgain.NAME,
          RestoreNode.NAME,
          dev.chrysalis.cassandra.control.ProtectAgain.NAME,
          dev.chrysalis.redis.control.RestoreMember.NAME,
          dev.chrysalis.redis.control.ProtectAgain.NAME);

  public RunSpeeds {
    seconds = Map.copyOf(seconds);
    bytesPerSecond = Map.copyOf(bytesPerSecond);
  }

  /// The actions that take the longer the more data there is.
  public static boolean movesBytes(String action) {
    return MOVING.contains(action);
  }

  /// What a run has shown.
  public static RunSpeeds of(RunState state) {
    Map<String, Double> seconds = new TreeMap<>();
    Map<String, Double> speeds = new TreeMap<>();
    for (StepProgress step : state.steps()) {
      Optional<Double> took = took(step);
      if (took.isEmpty()) {
        continue;
      }
      String action = step.step().action();
      double moving = movesBytes(action) ? number(step.evidence(), "seconds") : 0;
      seconds.merge(action, Math.max(0, took.get() - moving), Math::max);
      double bytes = bytesMoved(action, step.evidence());
      if (moving > 0 && bytes > 0) {
        speeds.merge(action, bytes / moving, Math::min);
      }
    }
    return new RunSpeeds(seconds, speeds);
  }

  /// What of its bytes an action moved: a restore did not write those that were there, but one in
  /// place has read them.
  static double bytesMoved(String action, Map<String, String> evidence) {
    double kept = action.equals(RestoreInPlace.NAME) ? 0 : number(evidence, "keptBytes");
    return number(evidence, "bytes") - kept;
  }

  private static Optional<Double> took(StepProgress step) {
    if (step.state() != StepState.DONE || step.attempts() > 1 || step.alreadyReached()) {
      return Optional.empty();
    }
    return step.beganAt()
        .flatMap(began -> step.endedAt().map(ended -> Duration.between(began, ended)))
        .map(d -> d.toMillis() / 1000.0);
  }

  private static double number(Map<String, String> evidence, String key) {
    try {
      return Double.parseDouble(evidence.getOrDefault(key, "0"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
