package dev.chrysalis.cassandra.control;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.engine.Step;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.Parameters;
import dev.chrysalis.workloads.SecondLook;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Looks once more whether what the plan was made for is still so. Parameters: `workload`;
/// `situation`, a `Gist`; `of`, where the plan brings the whole ring back.
public record ConfirmSituation(RingViews views, RestorePoints vault, InstantSource clock)
    implements SecondLook {
  public static final String NAME = "cassandra.confirm-situation";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Seen look(Step step) {
    RingState ring = views.of(Parameters.of(step, RingSteps.WORKLOAD));
    Situation found = Diagnosis.of(ring, Past.needed(vault), clock.instant());
    Optional<String> unclear = unclear(found, ring);
    return SecondLook.ofWholeStore(step)
        ? SecondLook.whole(step, Gist.ofWholeRing(found, ring), unclear)
        : new Seen(Gist.of(found, ring), false, unclear);
  }

  /// A node that the platform, or somebody, is starting is soon something else.
  private static Optional<String> unclear(Situation found, RingState ring) {
    if (found instanceof Situation.Unclear(String why)) {
      return Optional.of(why);
    }
    // To copy all data may take it hours.
    List<MemberId> starting =
        RingState.ids(ring.joining().stream().filter(view -> !view.isCopying()).toList());
    return starting.isEmpty() ? Optional.empty() : Optional.of(starting + " are starting");
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
