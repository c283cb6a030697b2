package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.postgres.control.WalInVault.LeftBehind;
import dev.chrysalis.workloads.Parameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Says what was lost, from what WAL survives: the commits on the timeline that was left behind the
/// point at which the new one left it. What no surviving WAL can tell is said to be unknown, with
/// the moment up to which everything is known to be there.
///
/// Parameters: `primary` or `primary-from`, who serves now; `left-from`, the step whose choices
/// name the `system` and the `timeline` that was left and `heldUntil`; without it these are the
/// ones that the steps in `salvaged` found. `salvaged`: the steps that looked for the old primary's
/// own WAL.
///
/// Evidence: `lost` in a sentence, and where it is known `commits`, `walBytes`, `first`, `last`,
/// `some` of them, `timeline`, `leftAt`. Chrysalis's own heartbeats count as commits.
public record StateLoss(PostgresAgents agents, WalInVault vault) implements Action {
  public static final String NAME = "postgres.state-loss";

  @Override
  public String name() {
    return NAME;
  }

  /// @param heldUntil up to when all commits are in the vault or on the new primary, empty if that
  ///   is not known
  /// @param whole whether all that the old primary wrote is in the vault
  private record Left(String system, int timeline, String heldUntil, boolean whole) {}

  @Override
  public Map<String, String> choose(StepContext context) {
    return Map.of("member", Primary.of(context).toString());
  }

  @Override
  public Probe probe(StepContext context) {
    Optional<Left> left = left(context);
    if (left.isEmpty()) {
      return new Probe.Reached(Map.of("lost", "nothing: no timeline was left"));
    }
    Map<String, String> status = agents.status(Primary.of(context));
    int now = Integer.parseInt(status.getOrDefault("timeline", "0"));
    if (now <= left.get().timeline()) {
      return new Probe.Waiting("the primary's new timeline");
    }
    return vault
        .leftBehind(left.get().system(), left.get().timeline(), now)
        .<Probe>map(behind -> new Probe.Reached(evidence(left.get(), behind)))
        .orElseGet(
            () -> new Probe.Waiting("the history of timeline %d in the vault".formatted(now)));
  }

  @Override
  public void act(StepContext context) {
    // To look is all there is to do.
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "# what the old timeline holds behind the switch point is lost; the switch point:",
        "cat \"$PGDATA\"/pg_wal/*.history",
        "pg_waldump -p \"$OLD_PGDATA\"/pg_wal -t \"$OLD_TIMELINE\" -s \"$SWITCH_POINT\" -r Transaction");
  }

  private static Optional<Left> left(StepContext context) {
    List<Map<String, String>> read =
        Parameters.list(context.step(), "salvaged").stream()
            .map(context::evidenceOf)
            .filter(e -> "read".equals(e.get("wal")))
            .toList();
    String from = context.step().parameters().get("left-from");
    if (from == null) {
      return read.stream()
          .findFirst()
          .map(e -> new Left(text(e, "system"), Integer.parseInt(text(e, "timeline")), "", true));
    }
    Map<String, String> chosen = context.choicesOf(from);
    String timeline = Parameters.of(chosen, "timeline", "step " + from);
    boolean whole =
        read.stream()
            .anyMatch(e -> timeline.equals(e.get("timeline")) && "primary".equals(e.get("role")));
    return Optional.of(
        new Left(
            Parameters.of(chosen, "system", "step " + from),
            Integer.parseInt(timeline),
            chosen.getOrDefault("heldUntil", ""),
            whole));
  }

  private static Map<String, String> evidence(Left left, LeftBehind behind) {
    Map<String, String> evidence = new LinkedHashMap<>();
    evidence.put("lost", sentence(left, behind));
    evidence.put("timeline", Integer.toString(left.timeline()));
    behind.at().ifPresent(at -> evidence.put("leftAt", at.toString()));
    if (behind.at().isPresent()) {
      evidence.put("commits", Long.toString(behind.commits()));
      evidence.put("walBytes", Long.toString(behind.walBytes()));
    }
    behind.first().ifPresent(c -> evidence.put("first", c.toString()));
    behind.last().ifPresent(c -> evidence.put("last", c.toString()));
    if (!behind.some().isEmpty()) {
      evidence.put(
          "some",
          behind.some().stream()
              .map(WalInVault.Commit::toString)
              .collect(Collectors.joining("; ")));
    }
    return evidence;
  }

  private static String sentence(Left left, LeftBehind behind) {
    if (behind.at().isEmpty()) {
      return "unknown: the new timeline did not come from timeline " + left.timeline();
    }
    String known =
        behind.commits() == 0
            ? "no commit that is known"
            : "%d commits (%d bytes of WAL), from %s to %s"
                .formatted(
                    behind.commits(),
                    behind.walBytes(),
                    behind.first().map(Object::toString).orElse("?"),
                    behind.last().map(Object::toString).orElse("?"));
    if (left.whole()) {
      return behind.commits() == 0 ? "nothing: all that the old primary wrote was read" : known;
    }
    return known
        + "; unknown is what the old primary acknowledged after "
        + (left.heldUntil().isEmpty() ? "its last WAL in the vault" : left.heldUntil());
  }

  private static String text(Map<String, String> evidence, String key) {
    return Parameters.of(evidence, key, "the result of the salvage");
  }
}
