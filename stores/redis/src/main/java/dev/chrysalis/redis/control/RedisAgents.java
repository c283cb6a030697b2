package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Reconciled;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.job.JobState;
import dev.chrysalis.platform.job.Jobs;
import dev.chrysalis.workloads.MemberAgents;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The agents beside Redis' servers and Sentinels, as the controller speaks to them (see
/// `MemberAgents`).
public final class RedisAgents {
  private final MemberAgents agents;

  public RedisAgents(Platform platform, Jobs jobs) {
    agents = new MemberAgents(platform, jobs, "redis");
  }

  /// The state of a server (keys of `ServerStatus`) or a Sentinel (keys of `SentinelStatus`);
  /// `agent.error` says why there is none.
  public Map<String, String> status(MemberId member) {
    return agents.status(member);
  }

  /// Runs a job of this step to its end and returns its result. Convergent work that gets lost is
  /// started again; work that may be done only once is not.
  Map<String, String> run(StepContext context, MemberId member, boolean again, List<String> task) {
    return agents.run(context, member, again, task);
  }

  /// What became of this step's job.
  JobState state(StepContext context, MemberId member) {
    return agents.state(context, member);
  }

  /// Ends all work beside the member, whoever started it.
  void quiet(StepContext context, MemberId member) {
    agents.quiet(context, member);
  }

  /// Whether an act that is a job of its own had happened, by a look at the goal and by its jobs.
  Reconciled reconcile(StepContext context, MemberId member, Supplier<Probe> look) {
    return agents.reconcile(context, member, look);
  }
}
