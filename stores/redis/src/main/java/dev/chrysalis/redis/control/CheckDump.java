package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.job.JobState;
import dev.chrysalis.workloads.Parameters;
import java.util.List;
import java.util.Map;

/// Reads an RDB file to its end beside the member that it is to be restored to, before anything is
/// touched: it is whole, and there is room. Parameters: `member`, `location`, `key`.
public record CheckDump(Platform platform, RedisAgents agents) implements Action {
  public static final String NAME = "redis.check-dump";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Probe probe(StepContext context) {
    MemberId member = ConfigureMember.member(context.step());
    JobState job = agents.state(context, member);
    return job instanceof JobState.Done(Map<String, String> result)
        ? room(member, result)
        : RestoreMember.probe(job, "the check");
  }

  private Probe room(MemberId member, Map<String, String> result) {
    long bytes = Long.parseLong(Parameters.of(result, "bytes", "the check"));
    long needed = bytes + bytes / 10;
    long free = platform.volume(member).freeBytes();
    return free >= needed
        ? new Probe.Reached(result)
        : new Probe.Broken(
            "%s: the restore needs %d MB, the volume has %d MB free"
                .formatted(member, needed / 1_000_000, free / 1_000_000),
            "nothing was touched; make room, for one by chrysalis aside list and drop");
  }

  @Override
  public void act(StepContext context) {
    Map<String, String> _ =
        agents.run(
            context,
            ConfigureMember.member(context.step()),
            true,
            List.of(
                "redis",
                "check-dump",
                "--location",
                Parameters.of(context.step(), RestoreDump.LOCATION),
                "--dump",
                Parameters.of(context.step(), RestoreDump.KEY)));
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "aws s3 cp \"s3://$BUCKET/%s\" /tmp/dump.rdb && redis-check-rdb /tmp/dump.rdb"
            .formatted(Parameters.of(step, RestoreDump.KEY)));
  }
}
