package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Step;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.workloads.Parameters;
import dev.chrysalis.workloads.SecondLook;
import java.util.List;
import java.util.Optional;

/// Looks once more whether what the plan was made for is still so. Parameters: `workload`,
/// `situation`; `of`, where the plan brings the whole store back.
public record ConfirmSituation(Platform platform, PostgresAgents agents) implements SecondLook {
  public static final String NAME = "postgres.confirm-situation";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Seen look(Step step) {
    List<MemberView> views = new MemberViews(platform, agents).of(Parameters.of(step, "workload"));
    Situation found = Diagnosis.of(views);
    Optional<String> unclear =
        found instanceof Situation.Unclear(String why) ? Optional.of(why) : Optional.empty();
    return SecondLook.ofWholeStore(step)
        ? SecondLook.whole(
            step, Gist.ofWholeStore(found, views.stream().map(MemberView::id).toList()), unclear)
        : new Seen(found.toString(), false, unclear);
  }

  @Override
  public ErrorCode unreachable() {
    return PostgresErrors.UNREACHABLE;
  }

  @Override
  public ErrorCode changed() {
    return PostgresErrors.SITUATION_CHANGED;
  }
}
