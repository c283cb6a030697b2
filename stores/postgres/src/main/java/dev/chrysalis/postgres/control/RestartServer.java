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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Restarts a member's server, a hung one too, and waits until it is ready. One that is starting by
/// itself, as after a crash, is left alone: killed while it replays its log, it begins that anew.
/// After the step failed it is restarted all the same. Parameter: `member`.
public record RestartServer(RestartMember restart, PostgresAgents agents) implements Action {
  public static final String NAME = "postgres.restart";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    return restart.choose(context);
  }

  /// What the server says counts more than what the platform last heard of it.
  @Override
  public Probe probe(StepContext context) {
    MemberId id = member(context);
    Map<String, String> status = agents.status(id);
    if (isStarting(status)) {
      return new Probe.Waiting(id + " to replay its log (" + said(status) + ")");
    }
    Optional<Member> ready = Members.ready(restart.platform(), id);
    return "up".equals(status.get("server")) && ready.isPresent()
        ? new Probe.Reached(Map.of("runningSince", ready.get().since().toString()))
        : restart.probe(context);
  }

  @Override
  public void act(StepContext context) {
    Map<String, String> status = agents.status(member(context));
    if (isStarting(status) && context.attempt() == 1) {
      context.note(
          "%s is left alone, since it starts by itself (%s); if this step fails, resume restarts it"
              .formatted(member(context), said(status)));
    } else {
      restart.act(context);
    }
  }

  private static MemberId member(StepContext context) {
    return MemberId.parse(Parameters.of(context.step(), "member"));
  }

  private static boolean isStarting(Map<String, String> status) {
    return "true".equals(status.get("server.starting"));
  }

  private static String said(Map<String, String> status) {
    // The server's words come in several lines.
    return status
        .getOrDefault("server.error", "it takes no connections yet")
        .replaceAll("\\s+", " ");
  }

  @Override
  public List<String> byHand(Step step) {
    List<String> lines =
        new ArrayList<>(List.of("# not while its log says that it replays: it would begin anew"));
    lines.addAll(restart.byHand(step));
    return lines;
  }
}
