package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.workloads.Parameters;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Chooses the most advanced standby and, where the vault is ahead of it, feeds it the rest, so
/// that the promotion loses no more than the better of the two lacks. Comes after the old primary
/// was fenced, since until then both may still advance. Refused while any member takes writes.
/// Parameters: `workload`, `fenced`: the members that cannot be chosen.
///
/// Choices: `candidate`, its `address`, `system`, `timeline` and `position`; `vault`, the end of
/// the WAL that the vault holds of that timeline; `target`, the start of the last whole record
/// there, or empty where the candidate has it already or a gap keeps it from getting there;
/// `heldUntil`, the moment up to which every commit is in the vault or on the candidate.
public record CatchUp(Platform platform, PostgresAgents agents, WalInVault vault)
    implements Action {
  public static final String NAME = "postgres.catch-up";
  private static final String FEED = "feed";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    MemberView best =
        mostAdvanced(
            Parameters.of(context.step(), "workload"), Parameters.list(context.step(), "fenced"));
    Lsn position = best.position().orElseThrow();
    int timeline = best.timeline().orElseThrow();
    String system = best.status().getOrDefault("systemIdentifier", "");
    Optional<WalInVault.End> end = vault.end(system, timeline);
    String target =
        end.map(WalInVault.End::lastRecord)
            .filter(last -> last.compareTo(position) >= 0)
            .filter(last -> vault.covers(system, timeline, position, last.plus(1)))
            .map(Lsn::toString)
            .orElse("");
    return Map.of(
        "candidate", best.id().toString(),
        "system", system,
        "heldUntil", heldUntil(best, end),
        "address", best.observed().address(),
        "timeline", Integer.toString(timeline),
        "position", position.toString(),
        "vault", end.map(e -> e.end().toString()).orElse(""),
        "target", target);
  }

  private static String heldUntil(MemberView best, Optional<WalInVault.End> inVault) {
    long replayed = Long.parseLong(best.status().getOrDefault("lastReplayedCommit", "-1"));
    Optional<Instant> candidate =
        replayed < 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(replayed));
    return Stream.concat(candidate.stream(), inVault.flatMap(WalInVault.End::asOf).stream())
        .max(Comparator.naturalOrder())
        .map(Instant::toString)
        .orElse("");
  }

  @Override
  public Probe probe(StepContext context) {
    Map<String, String> choices = context.choices();
    if (choices.isEmpty()) {
      return new Probe.Waiting("the most advanced standby to be chosen");
    }
    MemberId candidate = MemberId.parse(choices.getOrDefault("candidate", ""));
    Map<String, String> status = agents.status(candidate);
    Optional<Lsn> replayed = Optional.ofNullable(status.get("replayed")).map(Lsn::parse);
    String target = choices.getOrDefault("target", "");
    if (replayed.isEmpty()) {
      return waiting(context, candidate, "an answer from " + candidate);
    }
    if (target.isEmpty() || replayed.get().compareTo(Lsn.parse(target)) > 0) {
      return new Probe.Reached(Map.of("replayed", replayed.get().toString()));
    }
    return waiting(
        context,
        candidate,
        "%s to replay %s from the vault (at %s)".formatted(candidate, target, replayed.get()));
  }

  private Probe waiting(StepContext context, MemberId candidate, String what) {
    return agents.unlessLost(context, candidate, FEED, new Probe.Waiting(what));
  }

  @Override
  public void act(StepContext context) {
    if (!context.choices().getOrDefault("target", "").isEmpty()) {
      MemberId candidate = MemberId.parse(context.choices().getOrDefault("candidate", ""));
      agents.startBeside(context, candidate, FEED, List.of("postgres", "feed", "--standby"));
    }
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "# on every standby; take the one with the greatest answer",
        "psql -Atc 'SELECT greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())'");
  }

  /// A timeline that was left counts for less than any later one, whatever its positions.
  private MemberView mostAdvanced(String workload, List<String> fenced) {
    List<MemberView> views =
        new MemberViews(platform, agents)
            .of(workload).stream().filter(v -> !fenced.contains(v.id().toString())).toList();
    views.forEach(CatchUp::refuseIfItServes);
    return views.stream()
        .filter(v -> v.condition() == MemberView.Condition.SERVING_STANDBY)
        .filter(v -> v.position().isPresent() && v.timeline().isPresent())
        .max(
            Comparator.comparing((MemberView v) -> v.timeline().orElseThrow())
                .thenComparing(v -> v.position().orElseThrow()))
        .orElseThrow(() ->
            new ChrysalisException(
                PostgresErrors.UNREACHABLE,
                "no standby of " + workload + " answers, so none can be promoted",
                "start a standby, or restore from the vault: chrysalis recover store-lost"));
  }

  private static void refuseIfItServes(MemberView view) {
    if (view.condition() == MemberView.Condition.SERVING_PRIMARY) {
      throw new ChrysalisException(
          PostgresErrors.SPLIT_BRAIN,
          view.id() + " takes writes already: no other member is promoted beside it",
          "see what is there now: chrysalis assess");
    }
  }
}
