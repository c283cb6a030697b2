package dev.chrysalis.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One replica of a workload, `postgres-0`: what Kubernetes calls a pod.
public record MemberId(String workload, int ordinal) implements Comparable<MemberId> {
  private static final Pattern WORKLOAD = Pattern.compile("[a-z]([a-z0-9-]{0,40}[a-z0-9])?");
  private static final Pattern FORM = Pattern.compile("(.+)-(0|[1-9][0-9]{0,4})");

  public MemberId {
    if (!WORKLOAD.matcher(workload).matches() || ordinal < 0) {
      throw new IllegalArgumentException("not a member: " + workload + "-" + ordinal);
    }
  }

  /// Reads `postgres-0`.
  public static MemberId parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw new IllegalArgumentException("not a member: " + text);
    }
    return new MemberId(m.group(1), Integer.parseInt(m.group(2)));
  }

  @Override
  public int compareTo(MemberId other) {
    int byWorkload = workload.compareTo(other.workload);
    return byWorkload != 0 ? byWorkload : Integer.compare(ordinal, other.ordinal);
  }

  @Override
  public String toString() {
    return workload + "-" + ordinal;
  }
}
