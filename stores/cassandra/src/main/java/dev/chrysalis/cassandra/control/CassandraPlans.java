package dev.chrysalis.cassandra.control;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.workloads.ClientSteps;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which steps bring a Cassandra ring back, situation by situation. Pure: what is not known yet
/// (which snapshot, whose place) is left to the steps, which choose and journal it.
///
/// Every plan keeps evidence first and ends with logs that are shipped again and the checklist. A
/// full disk, and where too little is known, has no plan: a person has to make room, or to look.
public final class CassandraPlans {
  private final RingSteps parts;

  /// @param found the situation that the plans are for
  /// @param state what was seen when it was found
  /// @param before by service, how many members it had while all was well, where that is known
  public CassandraPlans(
      Stack stack,
      Datastore store,
      Situation found,
      RingState state,
      Forecast forecast,
      Map<String, Integer> before) {
    this.parts =
        new RingSteps(stack, store, found, state, forecast, new ClientSteps(stack, store, before));
  }

  /// The plan that answers the situation; empty where nothing has to be done, and where a person
  /// has to.
  public Optional<Plan> plan() {
    NodePlans nodes = new NodePlans(parts);
    Situation found = parts.found();
    return switch (found) {
      case Situation.NodeDown s -> Optional.of(nodes.restart(s.scenario(), s.nodes()));
      case Situation.NodeCutOff s -> Optional.of(nodes.restart(s.scenario(), s.nodes()));
      case Situation.NodeJoining s ->
          Optional.of(s.stuck())
              .filter(stuck -> !stuck.isEmpty())
              .map(stuck -> nodes.restart(s.scenario(), stuck));
      case Situation.SchemaSplit s ->
          Optional.of(s.odd())
              .filter(odd -> !odd.isEmpty())
              .map(odd -> nodes.restart(s.scenario(), odd));
      case Situation.NodeLost s -> Optional.of(nodes.replace(s));
      case Situation.TablesDamaged s -> Optional.of(nodes.mend(s));
      case Situation.NodeUnrepaired s -> Optional.of(nodes.repair(s));
      case Situation.QuorumLost s -> Optional.of(nodes.bringBack(s));
      case Situation.StoreLost _ -> Optional.of(storeLost());
      case Situation.AllWell _, Situation.DiskFull _, Situation.Unclear _ -> Optional.empty();
    };
  }

  /// Restores all that the vault has.
  public Plan storeLost() {
    return new RestorePlans(parts).storeLost();
  }

  /// Brings the ring back to a moment.
  public Plan dataCorrupted(Target target) {
    return new RestorePlans(parts).dataCorrupted(target);
  }

  /// A moment to go back to, which the vault was found to reach when the plan was made.
  ///
  /// @param heldUntil the newest moment that the vault held then; what lies between is left out
  /// @param behind as `RestorePoints.Chosen.behind`
  public record Target(Instant to, Optional<Instant> heldUntil, List<RestorePoints.Behind> behind) {
    public Target {
      behind = List.copyOf(behind);
    }
  }

  /// What the plan's numbers are based on.
  ///
  /// @param restore of the largest node
  /// @param recoveryPointAge in words: `3 s now`
  /// @param measured by an action's name: how long it took in runs so far
  /// @param behind `RestorePoints.Chosen.behind` of all that the vault has
  public record Forecast(
      Duration restore,
      Duration backup,
      Duration repair,
      String recoveryPointAge,
      Map<String, Duration> measured,
      List<RestorePoints.Behind> behind) {
    public Forecast {
      measured = Map.copyOf(measured);
      behind = List.copyOf(behind);
    }
  }
}
