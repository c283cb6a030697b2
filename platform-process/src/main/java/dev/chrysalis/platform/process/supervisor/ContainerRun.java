package dev.chrysalis.platform.process.supervisor;

import dev.chrysalis.platform.process.supervisor.MemberRecord.ContainerRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One container of a member: its process, or when the next may start. Belongs to the member's
/// keeper and is touched by its thread only.
final class ContainerRun {
  private static final Duration FIRST_BACK_OFF = Duration.ofMillis(200);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(10);
  private static final Duration STEADY = Duration.ofSeconds(30);
  private static final int LOOPING = 2;

  private final String name;
  private final ProcessTable table;
  private @Nullable ProcessId process;
  private @Nullable Process child;
  private int restarts;
  private int failures;
  private Instant since;
  private Instant notBefore = Instant.MIN;
  private String lastExit = "";
  private long lastPid;

  ContainerRun(String name, ProcessTable table, Instant now) {
    this.name = name;
    this.table = table;
    this.since = now;
  }

  static ContainerRun adopt(String name, ContainerRecord record, ProcessTable table) {
    var run = new ContainerRun(name, table, record.since());
    run.process = record.process();
    run.restarts = record.restarts();
    run.lastExit = record.lastExit();
    run.lastPid = record.lastPid();
    return run;
  }

  String name() {
    return name;
  }

  Optional<ProcessId> process() {
    return Optional.ofNullable(process);
  }

  boolean running() {
    ProcessId known = process;
    return known != null && table.runs(known);
  }

  int restarts() {
    return restarts;
  }

  String lastExit() {
    return lastExit;
  }

  long lastPid() {
    return lastPid;
  }

  Instant since() {
    return since;
  }

  /// Whether its process keeps ending soon after its start.
  boolean looping() {
    return failures >= LOOPING;
  }

  boolean mayStart(Instant now) {
    return process == null && !now.isBefore(notBefore);
  }

  Duration backOff(Instant now) {
    return notBefore.isAfter(now) ? Duration.between(now, notBefore) : Duration.ZERO;
  }

  void started(Process fresh, Instant now) {
    child = fresh;
    // One that is already gone has no entry any more; the next look finds that it does not run.
    process =
        table
            .at(fresh.pid())
            .map(ProcessTable.Seen::id)
            .orElseGet(() -> new ProcessId(fresh.pid(), -1, ""));
    lastPid = fresh.pid();
    since = now;
  }

  /// Its process was seen to have ended on its own.
  void died(Instant now) {
    failures = Duration.between(since, now).compareTo(STEADY) > 0 ? 1 : failures + 1;
    Duration wait = FIRST_BACK_OFF.multipliedBy(1L << Math.min(failures - 1, 10));
    notBefore = now.plus(wait.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : wait);
    restarts++;
    ended(now);
  }

  /// It could not be started at all.
  void failedToStart(String why, Instant now) {
    since = now;
    died(now);
    lastExit = why;
  }

  /// Its process was ended on purpose.
  void stopped(Instant now) {
    failures = 0;
    restarts = 0;
    notBefore = Instant.MIN;
    ended(now);
  }

  ContainerRecord record() {
    return new ContainerRecord(process, restarts, since, lastExit, lastPid);
  }

  private void ended(Instant now) {
    if (process != null) {
      lastExit = describeExit();
    }
    process = null;
    child = null;
    since = now;
  }

  private String describeExit() {
    Process own = child;
    if (own == null) {
      return "exit unknown";
    }
    try {
      // The kernel reports the end before the JDK has collected it.
      if (!own.waitFor(Duration.ofSeconds(2))) {
        return "exit unknown";
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return "exit unknown";
    }
    int code = own.exitValue();
    return code > 128 && code <= 128 + 64 ? "signal " + (code - 128) : "exit " + code;
  }
}
