package dev.chrysalis.platform.job;

import java.util.regex.Pattern;

/// The name of a job, chosen by the controller before it starts the job: `r3-restore-postgres-0`.
public record JobId(String value) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,99}");

  public JobId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a job's name: " + value);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
