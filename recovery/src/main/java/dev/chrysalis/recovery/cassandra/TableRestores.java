package dev.chrysalis.recovery.cassandra;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Leases;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.Jobs;
import dev.chrysalis.recovery.store.BesideJobs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Restores tables of a moment into the living ring, by the agent beside one of its nodes: those
/// that were dropped, or others under the name of another keyspace.
public final class TableRestores {
  private final CassandraStore store;
  private final BesideJobs jobs;

  public TableRestores(
      String stack, CassandraStore store, Jobs jobs, Leases leases, InstantSource clock) {
    this.store = store;
    this.jobs = new BesideJobs(stack, jobs, leases, clock);
  }

  /// @param tables `KEYSPACE.TABLE`, or `KEYSPACE` for all of its tables
  /// @param keyspace under which they are to be; empty for their own
  /// @param as which moment or backup has them
  /// @param again whether to go on with what was cut off
  public record Wanted(String tables, Optional<String> keyspace, AsOf as, boolean again) {}

  /// As of when tables are restored.
  public sealed interface AsOf {
    /// All that is in the vault.
    record Newest() implements AsOf {}

    /// A moment, on all nodes.
    record Moment(Instant at) implements AsOf {}

    /// A backup, without the log behind it.
    record Backup(String name) implements AsOf {}
  }

  /// @param rows that clients see, in all of the tables
  public record Restored(int tables, long rows, long bytes) {}

  /// Restores them. Tables that have rows are refused, unless it goes on.
  public Restored restore(Wanted wanted, Holder holder, Consumer<JobEvent> seen) {
    if (wanted.as() instanceof AsOf.Moment moment) {
      // Refused here, before an agent is asked.
      var _ = store.points().choose(Optional.of(moment.at()));
    }
    Map<String, String> result =
        BesideJobs.result(
            jobs.run(
                store.aServingNode(),
                "restore-tables",
                task(wanted, store.syncPeriod()),
                holder,
                seen),
            "the restore of tables",
            "give the same command again, with --again: it goes on");
    return new Restored(
        Integer.parseInt(result.getOrDefault("tables", "0")),
        Long.parseLong(result.getOrDefault("rows", "0")),
        Long.parseLong(result.getOrDefault("bytes", "0")));
  }

  /// As agents are told of it: never less.
  static String seconds(Duration syncPeriod) {
    return Long.toString(syncPeriod.plusMillis(999).toSeconds());
  }

  static List<String> task(Wanted wanted, Duration syncPeriod) {
    List<String> task = new ArrayList<>(List.of("cassandra", "load"));
    task.add(wanted.tables().contains(".") ? "--table" : "--keyspace");
    task.add(wanted.tables());
    wanted.keyspace().ifPresent(keyspace -> task.addAll(List.of("--into", keyspace)));
    switch (wanted.as()) {
      case AsOf.Newest _ -> {}
      case AsOf.Moment(Instant at) ->
          task.addAll(List.of("--to", at.toString(), "--sync-period", seconds(syncPeriod)));
      case AsOf.Backup(String name) -> task.addAll(List.of("--backup", name));
    }
    if (wanted.again()) {
      task.add("--again");
    }
    return task;
  }
}
