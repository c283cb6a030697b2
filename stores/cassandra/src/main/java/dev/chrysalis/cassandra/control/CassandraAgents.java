package dev.chrysalis.cassandra.control;

import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.job.JobState;
import dev.chrysalis.platform.job.Jobs;
import dev.chrysalis.workloads.MemberAgents;
import java.util.List;
import java.util.Map;

/// The agents beside the nodes of a ring, as the controller speaks to them (see `MemberAgents`).
public final class CassandraAgents {
  private final MemberAgents agents;

  public CassandraAgents(Platform platform, Jobs jobs) {
    agents = new MemberAgents(platform, jobs, "cassandra");
  }

  /// The state of a node and its volume (keys of `NodeStatus`); `agent.error` says why there is
  /// none.
  public Map<String, String> status(MemberId member) {
    return agents.status(member);
  }

  /// Runs a job of this step to its end and returns its result. All that nodes are told may be
  /// repeated: work that gets lost is started again.
  Map<String, String> run(StepContext context, MemberId member, List<String> task) {
    return agents.run(context, member, true, task);
  }

  /// Runs a job that takes this step back to its end.
  void takeBack(StepContext context, MemberId member, List<String> task) {
    agents.takeBack(context, member, task);
  }

  /// What became of this step's job.
  JobState state(StepContext context, MemberId member) {
    return agents.state(context, member);
  }

  /// What this step's job tells of it.
  ///
  /// @param what what the job does, for who waits
  Probe probe(StepContext context, MemberId member, String what) {
    return switch (state(context, member)) {
      case JobState.Done done -> new Probe.Reached(done.result());
      case JobState.Failed failed ->
          new Probe.Broken(failed.code() + ": " + failed.message(), failed.hint());
      case JobState.Running running -> new Probe.Waiting(running.last().stage());
      case JobState.NotStarted _, JobState.Lost _ -> new Probe.Waiting(what + " to start");
    };
  }
}
