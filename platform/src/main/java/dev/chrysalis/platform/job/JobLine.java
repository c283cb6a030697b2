package dev.chrysalis.platform.job;

import java.time.Instant;

/// One line of a job's output: an event with its number, counted from 0 over all attempts of the
/// job, and the time at which the agent wrote it, by the agent's clock.
public record JobLine(long n, Instant at, JobEvent event) {
  public JobLine {
    if (n < 0) {
      throw new IllegalArgumentException("a line's number is not negative: " + n);
    }
  }
}
