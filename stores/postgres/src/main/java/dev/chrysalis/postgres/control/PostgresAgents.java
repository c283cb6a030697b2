package dev.chrysalis.postgres.control;

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

/// The agents beside PostgreSQL's members, as the controller speaks to them (see `MemberAgents`).
public final class PostgresAgents {
  private final MemberAgents agents;

  public PostgresAgents(Platform platform, Jobs jobs) {
    agents = new MemberAgents(platform, jobs, "postgres");
  }

  /// The state of a member's server and data directory (keys of `MemberStatus`); empty where the
  /// agent does not answer.
  public Map<String, String> status(MemberId member) {
    return agents.status(member);
  }

  Map<String, String> run(StepContext context, MemberId member, boolean again, List<String> task) {
    return agents.run(context, member, again, task);
  }

  JobState state(StepContext context, MemberId member) {
    return agents.state(context, member);
  }

  void startBeside(StepContext context, MemberId member, String name, List<String> task) {
    agents.startBeside(context, member, name, task);
  }

  Probe unlessLost(StepContext context, MemberId member, String name, Probe.Waiting otherwise) {
    return agents.unlessLost(context, member, name, otherwise);
  }

  void stopBeside(StepContext context, MemberId member, String name) {
    agents.stopBeside(context, member, name);
  }

  void quiet(StepContext context, MemberId member) {
    agents.quiet(context, member);
  }

  boolean takesBack(StepContext context, MemberId member) {
    return agents.takesBack(context, member);
  }

  void takeBack(StepContext context, MemberId member, List<String> task) {
    agents.takeBack(context, member, task);
  }

  Reconciled reconcile(StepContext context, MemberId member, Supplier<Probe> look) {
    return agents.reconcile(context, member, look);
  }
}
