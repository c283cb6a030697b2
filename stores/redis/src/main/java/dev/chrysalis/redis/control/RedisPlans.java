package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.workloads.ClientSteps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which steps bring a Redis datastore back, situation by situation. Pure: what is not known yet
/// (which replica, which position) is left to the steps, which choose and journal it.
///
/// Every plan keeps evidence first, fences before another leads, brings the clients back before it
/// restores redundancy, and ends with protection running again and the checklist. An empty node
/// never leads. For a split brain, and where too little is known, there is no plan: a person has to
/// say which server is right.
public final class RedisPlans {
  private final RedisSteps parts;

  /// @param found the situation that the plans are for
  /// @param state what was seen when it was found
  /// @param before by service, how many members it had while all was well, where that is known
  public RedisPlans(
      Stack stack,
      Datastore store,
      Situation found,
      RedisState state,
      Forecast forecast,
      Map<String, Integer> before) {
    this.parts =
        new RedisSteps(
            stack,
            store,
            RedisGroup.of(store),
            found,
            state,
            forecast,
            new ClientSteps(stack, store, before));
  }

  /// The plan that answers the situation; empty where nothing has to be done, and where a person
  /// has to.
  public Optional<Plan> plan() {
    FailoverPlans failover = new FailoverPlans(parts);
    ReplicaPlans replicas = new ReplicaPlans(parts);
    return switch (parts.found()) {
      case Situation.MasterDown down -> Optional.of(masterDown(failover, down));
      case Situation.MasterLost lost -> Optional.of(masterLost(failover, lost));
      case Situation.WrongMaster wrong ->
          Optional.of(failover.withoutVote(wrong.scenario(), List.of(), wrong.leader()));
      case Situation.ReplicaDown down -> Optional.of(replicas.down(down));
      case Situation.ReplicaLost lost ->
          Optional.of(replicas.lost(lost.scenario(), lost.master(), lost.replicas()));
      case Situation.ReplicationBroken broken ->
          Optional.of(replicas.lost(broken.scenario(), broken.master(), broken.replicas()));
      case Situation.SentinelsDown down -> Optional.of(replicas.sentinelsDown(down));
      case Situation.QuorumLost lost -> replicas.quorumLost(lost);
      case Situation.StoreLost lost -> Optional.of(storeLost(lost.members()));
      case Situation.AllWell _,
          Situation.SplitBrain _,
          Situation.PersistenceFailing _,
          Situation.OutOfMemory _,
          Situation.Unclear _ ->
          Optional.empty();
    };
  }

  private static Plan masterDown(FailoverPlans failover, Situation.MasterDown down) {
    if (down.fit().isEmpty()) {
      return failover.restart(down.master());
    }
    return down.failsOver()
        ? failover.byVote(down.scenario(), List.of(down.master()))
        : failover.withoutVote(down.scenario(), List.of(down.master()), Optional.empty());
  }

  private Plan masterLost(FailoverPlans failover, Situation.MasterLost lost) {
    if (Fitness.fitBeside(parts.state(), lost.lost()).isEmpty()) {
      return failover.withoutVote(
          lost.scenario(), lost.lost(), Optional.of(lost.holders().getFirst()));
    }
    return parts.state().failsOverByItself()
        ? failover.byVote(lost.scenario(), lost.lost())
        : failover.withoutVote(lost.scenario(), lost.lost(), Optional.empty());
  }

  /// Restores the newest moment that the vault holds.
  public Plan storeLost(List<MemberId> members) {
    return new RestorePlans(parts).storeLost(members);
  }

  /// Restores an RDB file that was made before Chrysalis came.
  ///
  /// @param location the folder or bucket that holds it
  /// @param key its name there: `redis/dump.rdb`
  public Plan storeLostWithDump(List<MemberId> members, String location, String key) {
    return new RestorePlans(parts).storeLostWithDump(members, location, key);
  }

  /// Brings the store back to a moment.
  ///
  /// @param master who takes writes now; empty where nobody does
  public Plan dataCorrupted(List<MemberId> members, Optional<MemberId> master, Target target) {
    return new RestorePlans(parts).dataCorrupted(members, master, target);
  }

  /// A moment to go back to, resolved when the plan was made.
  ///
  /// @param to the moment that is asked for
  /// @param reached the moment that the vault's log reaches for it
  /// @param heldUntil the newest moment that the vault held then; what lies between is left out
  public record Target(Instant to, Instant reached, Optional<Instant> heldUntil) {}

  /// What the plan's numbers are based on.
  ///
  /// @param recoveryPointAge in words: `3 s now`
  /// @param measured by an action's name: how long it took in runs so far
  public record Forecast(
      Duration restore, Duration backup, String recoveryPointAge, Map<String, Duration> measured) {
    public Forecast {
      measured = Map.copyOf(measured);
    }
  }
}
