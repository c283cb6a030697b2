package dev.chrysalis.cassandra.agent.load;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.CopyProgress;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Ends work that takes too long, wherever it tells how far it is: `NOT_COMPARED`.
public final class WithinTime implements CopyProgress {
  private final CopyProgress told;
  private final Duration time;
  private final LongSupplier nanos;
  private final long begun;

  /// @param nanos a monotonic clock; the time counts from now
  public WithinTime(CopyProgress told, Duration time, LongSupplier nanos) {
    this.told = told;
    this.time = time;
    this.nanos = nanos;
    this.begun = nanos.getAsLong();
  }

  @Override
  public void progress(String stage, long done, long total) {
    if (nanos.getAsLong() - begun > time.toNanos()) {
      throw new ChrysalisException(
          CassandraErrors.NOT_COMPARED,
          "%d s were not enough (%s)".formatted(time.toSeconds(), stage),
          "give it more time, or compare by hand: agent cassandra compare");
    }
    told.progress(stage, done, total);
  }

  @Override
  public void note(String text) {
    told.note(text);
  }
}
