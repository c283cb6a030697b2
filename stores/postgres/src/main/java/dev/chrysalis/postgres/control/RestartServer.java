package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.workloads.Members;
import dev.chrysalis.workloads.Parameters;
import dev.chrysalis.workloads.RestartMember;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Restarts a member's server, a hung one too, and waits until it is ready. One that is starting by
/// itself, as after a crash, is left alone: killed while it replays its log, it begins that anew.
/// Parameter: `member`.
public record RestartServer(RestartMember restart, PostgresAgents agents) implements Action {
  public static final String NAME = "postgres.restart";

  /// What a server that was starting when the step began said.
  private static final String STARTING = "starting";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    Map<String, String> choices = new HashMap<>(restart.choose(context));
    starting(context).ifPresent(said -> choices.put(STARTING, said));
    return choices;
  }

  @Override
  public Probe probe(StepContext context) {
    Probe probe = restart.probe(context);
    if (!(probe instanceof Probe.Waiting)) {
      return probe;
    }
    MemberId id = member(context);
    if (context.choices().containsKey(STARTING)) {
      Optional<Member> ready = Members.ready(restart.platform(), id);
      if (ready.isPresent()) {
        return new Probe.Reached(Map.of("readyByItself", "since " + ready.get().since()));
      }
    }
    return starting(context)
        .<Probe>map(said -> new Probe.Waiting(id + " to replay its log (" + said + ")"))
        .orElse(probe);
  }

  @Override
  public void act(StepContext context) {
    Optional<String> starting = starting(context);
    if (starting.isPresent()) {
      context.note(
          "%s is left alone, since it starts by itself: %s"
              .formatted(member(context), starting.get()));
    } else {
      restart.act(context);
    }
  }

  private static MemberId member(StepContext context) {
    return MemberId.parse(Parameters.of(context.step(), "member"));
  }

  private Optional<String> starting(StepContext context) {
    Map<String, String> status = agents.status(member(context));
    return "true".equals(status.get("server.starting"))
        ? Optional.of(status.getOrDefault("server.error", "it takes no connections yet"))
        : Optional.empty();
  }

  @Override
  public List<String> byHand(Step step) {
    return restart.byHand(step);
  }
}
