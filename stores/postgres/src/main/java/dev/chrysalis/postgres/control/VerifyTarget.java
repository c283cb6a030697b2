package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.workloads.Parameters;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Checks that a recovered server stands still exactly behind the chosen record: that one was
/// replayed, and nothing newer. Tells what ending the recovery will leave out for good. Parameters:
/// `member`, `point-from`; `measured-by`: the step that counted that.
///
/// By position, since it is exact: the server's time of the last commit it replayed may be that of
/// a rollback behind it. That time is kept as evidence.
public record VerifyTarget(PostgresAgents agents) implements Action {
  public static final String NAME = "postgres.verify-target";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean alwaysActs() {
    return true;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    String from = Parameters.of(context.step(), "point-from");
    Map<String, String> point = context.choicesOf(from);
    return Map.of(
        "target", Parameters.of(point, "target", "step " + from),
        "next", point.getOrDefault("next", ""),
        "commit", point.getOrDefault("commit", ""));
  }

  @Override
  public Probe probe(StepContext context) {
    MemberId member = MemberId.parse(Parameters.of(context.step(), "member"));
    Map<String, String> status = agents.status(member);
    String at = status.get("replayed");
    if (at == null || context.choices().isEmpty()) {
      return new Probe.Waiting("an answer from " + member);
    }
    if (new MemberStatusView(status).primaryAbove(timeline(context))) {
      return new Probe.Reached(Map.of("recovery", "ended before"));
    }
    Lsn replayed = Lsn.parse(at);
    String target = context.choices().getOrDefault("target", "");
    String next = context.choices().getOrDefault("next", "");
    if (!next.isEmpty() && replayed.compareTo(Lsn.parse(next)) > 0) {
      return new Probe.Broken(
          "%s replayed up to %s, the target ends at %s".formatted(member, replayed, next),
          (isGivenBack(context) ? "what was there is given back; " : "begin anew (--leave), and ")
              + "restore again, to a position: --to lsn:"
              + target);
    }
    return replayed.compareTo(Lsn.parse(target)) > 0 && "true".equals(status.get("replayPaused"))
        ? new Probe.Reached(evidence(context, replayed, status))
        : new Probe.Waiting("%s to stand still behind %s".formatted(member, target));
  }

  private static int timeline(StepContext context) {
    Map<String, String> point = context.choicesOf(Parameters.of(context.step(), "point-from"));
    return Integer.parseInt(point.getOrDefault("timeline", "0"));
  }

  /// Whether what was there comes back when the target is not met.
  private static boolean isGivenBack(StepContext context) {
    return context.step().undoneTogether().isPresent();
  }

  private static Map<String, String> evidence(
      StepContext context, Lsn replayed, Map<String, String> status) {
    Map<String, String> evidence = new LinkedHashMap<>(measured(context));
    evidence.put("replayed", replayed.toString());
    evidence.put("chosenCommit", context.choices().getOrDefault("commit", ""));
    long commit = Long.parseLong(status.getOrDefault("lastReplayedCommit", "-1"));
    if (commit >= 0) {
      evidence.put("lastReplayed", Instant.ofEpochMilli(commit).toString());
    }
    return evidence;
  }

  private static Map<String, String> measured(StepContext context) {
    String by = context.step().parameters().get("measured-by");
    return by == null ? Map.of() : context.evidenceOf(by);
  }

  @Override
  public void act(StepContext context) {
    Map<String, String> measured = measured(context);
    context.note(
        measured.isEmpty()
            ? "no primary answered: what ending the recovery leaves out is what "
                + (isGivenBack(context) ? "the old volumes hold" : "was read of its WAL before")
            : "ending the recovery leaves out for good: %s; the vault keeps it, on timeline %s up to"
                    .formatted(measured.get("discarded"), measured.get("timeline"))
                + " "
                + measured.get("end"));
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "psql -Atc 'SELECT pg_get_wal_replay_pause_state(), pg_last_wal_replay_lsn(),"
            + " pg_last_xact_replay_timestamp()'   # paused, at the target, nothing newer");
  }
}
