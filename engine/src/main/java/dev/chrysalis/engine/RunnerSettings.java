package dev.chrysalis.engine;

import java.time.Duration;

/// How a controller behaves.
///
/// @param holder who it is
/// @param approver whom it asks
/// @param observer who watches
/// @param pace how often it looks
/// @param waitForLease how long it waits for another controller
public record RunnerSettings(
    Holder holder, Approver approver, RunObserver observer, Pace pace, Duration waitForLease) {

  /// Asks nobody, tells nobody, and waits long enough to take a dead controller's lease over.
  public static RunnerSettings of(Holder holder) {
    return new RunnerSettings(
        holder, Approver.absent(), RunObserver.none(), Pace.DEFAULT, Runner.PATIENT);
  }

  public RunnerSettings asking(Approver who) {
    return new RunnerSettings(holder, who, observer, pace, waitForLease);
  }

  public RunnerSettings telling(RunObserver who) {
    return new RunnerSettings(holder, approver, who, pace, waitForLease);
  }

  /// Tells one more, after who is told already.
  public RunnerSettings alsoTelling(RunObserver who) {
    return telling(observer.and(who));
  }

  public RunnerSettings at(Pace often) {
    return new RunnerSettings(holder, approver, observer, often, waitForLease);
  }

  public RunnerSettings waiting(Duration forLease) {
    return new RunnerSettings(holder, approver, observer, pace, forLease);
  }
}
