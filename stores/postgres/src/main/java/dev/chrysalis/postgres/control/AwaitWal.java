package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.workloads.Parameters;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Waits until the vault has all WAL of a primary whose writers are stopped, so that what a
/// recovery to an earlier moment leaves out can be looked at later, and counts it. Changes nothing.
/// Parameters: `member`, `point-from`.
///
/// Evidence: `end` of the primary's WAL, its `timeline`; of what is left out: `commits`, `first`,
/// `last`, `span`, `bytes`, and all of it in words: `discarded`.
public record AwaitWal(PostgresAgents agents, WalInVault vault) implements Action {
  public static final String NAME = "postgres.await-wal";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Probe probe(StepContext context) {
    MemberId member = MemberId.parse(Parameters.of(context.step(), "member"));
    Map<String, String> status = agents.status(member);
    if (!new MemberStatusView(status).primary()) {
      return new Probe.Waiting(member + " to answer as a primary");
    }
    // In this order: what is shipped between the two looks must not count as missing.
    Lsn written = Lsn.parse(Parameters.of(status, "written", "the status of " + member));
    int timeline = Integer.parseInt(Parameters.of(status, "timeline", "the status of " + member));
    String system = Parameters.of(status, "systemIdentifier", "the status of " + member);
    Optional<Lsn> covered = vault.end(system, timeline).map(WalInVault.End::end);
    return covered.filter(end -> end.compareTo(written) >= 0).isPresent()
        ? new Probe.Reached(measured(context, written, timeline))
        : new Probe.Waiting(
            "the vault to have the WAL up to %s (at %s)"
                .formatted(written, covered.map(Lsn::toString).orElse("nothing")));
  }

  private Map<String, String> measured(StepContext context, Lsn end, int timeline) {
    String from = Parameters.of(context.step(), "point-from");
    Map<String, String> point = context.choicesOf(from);
    WalInVault.Discarded left =
        vault.discarded(
            Parameters.of(point, "system", "step " + from),
            Integer.parseInt(Parameters.of(point, "timeline", "step " + from)),
            Lsn.parse(Parameters.of(point, "target", "step " + from)),
            (bytes, total) -> context.progress("counting commits", bytes, total));
    return Map.of(
        "end", end.toString(),
        "timeline", Integer.toString(timeline),
        "commits", Long.toString(left.commits()),
        "first", left.first().map(Object::toString).orElse(""),
        "last", left.last().map(Object::toString).orElse(""),
        "span", left.span().toString(),
        "bytes", Long.toString(left.bytes()),
        "discarded", left.toString());
  }

  @Override
  public void act(StepContext context) {
    // The shipper beside the primary does it.
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "psql -Atc 'SELECT pg_current_wal_lsn()'",
        "chrysalis restore-points postgres   # until the window's end is behind that position");
  }
}
