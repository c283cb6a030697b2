package dev.chrysalis.cli.live;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How fast one stage of a step moves: measured since the stage began, so that a new stage does not
/// inherit the speed of the one before.
///
/// @param stage what is being done
/// @param done so many bytes are done, of `total`; that is 0 while not known
/// @param since when the stage was seen first, with `first` bytes done
record Flow(String stage, long done, long total, long first, Instant since) {
  private static final double MEGABYTE = 1e6;

  static Flow begun(String stage, long done, long total, Instant now) {
    return new Flow(stage, done, total, done, now);
  }

  /// The flow after another word of progress.
  Flow next(String nextStage, long nextDone, long nextTotal, Instant now) {
    return nextStage.equals(stage)
        ? new Flow(stage, nextDone, nextTotal, first, since)
        : begun(nextStage, nextDone, nextTotal, now);
  }

  /// Bytes a second; 0 while too little was seen.
  double speed(Instant now) {
    double seconds = Duration.between(since, now).toMillis() / 1000.0;
    return seconds < 0.5 ? 0 : (done - first) / seconds;
  }

  /// How long the stage still takes at this speed.
  Optional<Duration> left(Instant now) {
    double speed = speed(now);
    return total > done && speed > 0
        ? Optional.of(Duration.ofMillis(Math.round((total - done) * 1000 / speed)))
        : Optional.empty();
  }

  /// `restoring files 43 % of 3100 MB, 210 MB/s`.
  String show(Instant now) {
    StringBuilder text = new StringBuilder(stage);
    if (total > 0) {
      text.append(" %d %% of %.0f MB".formatted(done * 100 / total, total / MEGABYTE));
    } else if (done > 0) {
      text.append(" %.0f MB".formatted(done / MEGABYTE));
    }
    double speed = speed(now);
    return speed > 0
        ? text.append(", %.0f MB/s".formatted(speed / MEGABYTE)).toString()
        : text.toString();
  }
}
