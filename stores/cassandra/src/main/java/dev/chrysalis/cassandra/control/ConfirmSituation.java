package dev.chrysalis.cassandra.control;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.engine.Step;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.workloads.Parameters;
import dev.chrysalis.workloads.SecondLook;
import java.time.InstantSource;
import java.util.Optional;

/// Looks once more whether what the plan was made for is still so. Parameters: `workload`;
/// `situation`, a `gist`.
public record ConfirmSituation(RingViews views, RestorePoints vault, InstantSource clock)
    implements SecondLook {
  public static final String NAME = "cassandra.confirm-situation";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Seen look(Step step) {
    Situation found =
        Diagnosis.of(
            views.of(Parameters.of(step, RingSteps.WORKLOAD)), Past.of(vault), clock.instant());
    Optional<String> unclear =
        found instanceof Situation.Unclear(String why) ? Optional.of(why) : Optional.empty();
    return new Seen(gist(found), false, unclear);
  }

  /// What of a situation decides on the plan: not how many ranges have no quorum, which the others
  /// notice one after another; and not whether lost nodes come up empty meanwhile, as a platform
  /// has them do by itself.
  static String gist(Situation situation) {
    return switch (situation) {
      case Situation.QuorumLost(var down, var lost, var _) ->
          "quorum lost, down %s, lost %s".formatted(down, lost);
      case Situation.StoreLost(var nodes, var _) -> "store lost, all of " + nodes;
      case Situation other -> other.toString();
    };
  }

  @Override
  public ErrorCode unreachable() {
    return CassandraErrors.UNREACHABLE;
  }

  @Override
  public ErrorCode changed() {
    return CassandraErrors.SITUATION_CHANGED;
  }
}
