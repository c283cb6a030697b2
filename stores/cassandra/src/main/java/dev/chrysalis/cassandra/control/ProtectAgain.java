package dev.chrysalis.cassandra.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.Parameters;
import dev.chrysalis.workloads.SideBySide;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Takes a fresh backup of the ring: a snapshot of every node, all at once and under one name.
/// Parameters: `members`.
///
/// Evidence: `backup`, its name; `bytes` of all nodes, `seconds` of the slowest.
public record ProtectAgain(CassandraAgents agents) implements Action {
  public static final String NAME = "cassandra.protect";
  static final String MEMBERS = "members";
  private static final String BACKUP = "backup";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    return Map.of(BACKUP, ("run-" + context.run()).toLowerCase(Locale.ROOT));
  }

  @Override
  public Probe probe(StepContext context) {
    if (context.choices().isEmpty()) {
      return new Probe.Waiting("a fresh backup");
    }
    long bytes = 0;
    double seconds = 0;
    for (MemberId member : members(context.step())) {
      Probe probe = agents.probe(context, member, "the backup of " + member);
      if (!(probe instanceof Probe.Reached(Map<String, String> result))) {
        return probe;
      }
      bytes += Long.parseLong(result.getOrDefault("bytes", "0"));
      seconds = Math.max(seconds, Double.parseDouble(result.getOrDefault("seconds", "0")));
    }
    Map<String, String> evidence = new TreeMap<>(context.choices());
    evidence.put("bytes", Long.toString(bytes));
    evidence.put("seconds", Double.toString(seconds));
    return new Probe.Reached(evidence);
  }

  private static List<MemberId> members(Step step) {
    return Parameters.list(step, MEMBERS).stream().map(MemberId::parse).toList();
  }

  @Override
  public void act(StepContext context) {
    String name = Parameters.of(context.choices(), BACKUP, "the journal");
    List<Map<String, String>> _ =
        SideBySide.map(
            members(context.step()),
            member ->
                agents.run(context, member, List.of("cassandra", "backup", "--backup", name)));
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of("chrysalis backup");
  }
}
