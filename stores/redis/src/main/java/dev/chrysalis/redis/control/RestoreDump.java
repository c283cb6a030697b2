package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.workloads.Parameters;
import java.util.List;
import java.util.Map;

/// Restores an RDB file that others made into a stopped member's empty volume, by the agent beside
/// it, with the append-only file as the server's configuration wants it. Parameters: `member`,
/// `location`, `key`.
public record RestoreDump(RedisAgents agents) implements Action {
  public static final String NAME = "redis.restore-dump";
  static final String LOCATION = "location";
  static final String KEY = "key";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    return Map.of(
        LOCATION, Parameters.of(context.step(), LOCATION),
        KEY, Parameters.of(context.step(), KEY));
  }

  @Override
  public Probe probe(StepContext context) {
    return context.choices().isEmpty()
        ? new Probe.Waiting("the restore")
        : RestoreMember.probe(
            agents.state(context, ConfigureMember.member(context.step())), "the restore");
  }

  @Override
  public void act(StepContext context) {
    List<String> task =
        List.of(
            "redis",
            "restore-dump",
            "--location",
            Parameters.of(context.choices(), LOCATION, "the journal"),
            "--dump",
            Parameters.of(context.choices(), KEY, "the journal"),
            "--name",
            RestoreMember.nameOf(context));
    Map<String, String> _ = agents.run(context, ConfigureMember.member(context.step()), true, task);
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "# with the server stopped and its volume empty, in a pod that mounts the volume",
        "aws s3 cp \"s3://$BUCKET/%s\" dump.rdb".formatted(Parameters.of(step, KEY)),
        "# where `appendonly yes`: the server ignores dump.rdb. Start it once with --appendonly no,",
        "redis-cli CONFIG SET appendonly yes   # and wait: aof_rewrite_in_progress:0; then stop it");
  }
}
