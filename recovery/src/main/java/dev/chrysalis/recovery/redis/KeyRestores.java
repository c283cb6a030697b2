package dev.chrysalis.recovery.redis;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Leases;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.Jobs;
import dev.chrysalis.recovery.RestoreAim;
import dev.chrysalis.recovery.store.BesideJobs;
import dev.chrysalis.redis.RedisErrors;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Restores the keys of a pattern beside the living data, by the agent beside the master.
public final class KeyRestores {
  private final RedisStore store;
  private final BesideJobs jobs;

  public KeyRestores(
      String stack, RedisStore store, Jobs jobs, Leases leases, InstantSource clock) {
    this.store = store;
    this.jobs = new BesideJobs(stack, jobs, leases, clock);
  }

  /// @param pattern which keys, as `KEYS` takes it
  /// @param prefix put before each name; empty: only what is missing is restored
  /// @param replace whether keys that are there are overwritten
  public record Wanted(String pattern, String prefix, boolean replace) {}

  /// @param at the moment that they are of
  /// @param there how many were left alone, since there was one of that name
  public record Restored(String snapshot, String at, long restored, long there) {}

  /// Restores them from a moment. Repeated, it goes on: keys that are there are left alone.
  public Restored restore(Wanted wanted, RestoreAim aim, Holder holder, Consumer<JobEvent> seen) {
    List<String> task = new ArrayList<>(List.of("redis", "restore-keys"));
    task.addAll(RedisStore.options(store.points().choose(aim.moment(store.declared().name()))));
    task.addAll(List.of("--match", wanted.pattern(), "--as-prefix", wanted.prefix()));
    if (wanted.replace()) {
      task.add("--replace");
    }
    Map<String, String> result =
        BesideJobs.result(
            jobs.run(master(), "restore-keys", task, holder, seen),
            "the restore of keys",
            "give the same command again: it goes on");
    return new Restored(
        result.getOrDefault("snapshot", ""),
        result.getOrDefault("at", ""),
        Long.parseLong(result.getOrDefault("restored", "0")),
        Long.parseLong(result.getOrDefault("there", "0")));
  }

  private MemberId master() {
    return store
        .look()
        .state()
        .takesWrites()
        .orElseThrow(() ->
            new ChrysalisException(
                RedisErrors.UNREACHABLE,
                "no server of " + store.declared().name() + " is known to take writes",
                "see what is broken: chrysalis assess"));
  }
}
