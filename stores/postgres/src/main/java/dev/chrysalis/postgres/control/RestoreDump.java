package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Restores the dump that was checked into a fresh cluster on a stopped member's empty volume, by
/// the agent beside it: all or nothing, with every table's rows counted. Parameters: those of
/// `DumpPlans`, and `checked-by`.
public record RestoreDump(PostgresAgents agents) implements Action {
  public static final String NAME = "postgres.restore-dump";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    String check = Parameters.of(context.step(), DumpPlans.CHECKED_BY);
    return Map.of(
        "sha256", Parameters.of(context.evidenceOf(check), "sha256", "step " + check),
        "job", DumpPlans.restoreName(context.run(), context.step().id()));
  }

  @Override
  public Probe probe(StepContext context) {
    if (context.choices().isEmpty()) {
      return new Probe.Waiting("the restore");
    }
    return RestoreMember.probe(agents.state(context, DumpPlans.member(context.step())));
  }

  @Override
  public void act(StepContext context) {
    Step step = context.step();
    List<String> task = new ArrayList<>(List.of("postgres", "restore-dump"));
    task.addAll(DumpPlans.source(step));
    task.addAll(List.of("--sha256", context.choices().getOrDefault("sha256", "")));
    task.addAll(List.of("--name", context.choices().getOrDefault("job", "")));
    task.addAll(DumpPlans.database(step));
    DumpPlans.roles(step).forEach((role, file) -> task.addAll(List.of("--role", role, file)));
    MemberId member = DumpPlans.member(step);
    Map<String, String> _ = agents.run(context, member, true, task);
  }

  @Override
  public List<String> byHand(Step step) {
    String database = Parameters.of(step, "into");
    return List.of(
        "# with the server stopped and its volume empty, in a pod that mounts the volume",
        "initdb -D \"$PGDATA\" --data-checksums && pg_ctl -D \"$PGDATA\" -o \"-c listen_addresses=''\" start",
        "createuser "
            + String.join(" ", DumpPlans.roles(step).keySet())
            + " && createdb "
            + database,
        ("aws s3 cp \"s3://$BUCKET/%s\" - | gunzip -c"
                + " | psql -X -v ON_ERROR_STOP=1 --single-transaction %s && pg_ctl -D \"$PGDATA\" stop")
            .formatted(Parameters.of(step, DumpPlans.KEY), database));
  }
}
