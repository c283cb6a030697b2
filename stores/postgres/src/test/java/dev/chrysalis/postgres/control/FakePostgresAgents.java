package dev.chrysalis.postgres.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.ExecOutcome;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.workloads.FakeAgents;
import dev.chrysalis.workloads.FakeJob;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/// The agents beside both members of a pair.
final class FakePostgresAgents implements FakeAgents.Near {
  private final FakePostgresPair pair;
  private final FakePostgresTasks tasks;
  private final FakeAgents agents;

  FakePostgresAgents(FakePostgresPair pair, FakePlatform platform) {
    this.pair = pair;
    this.tasks = new FakePostgresTasks(pair, platform);
    this.agents = new FakeAgents(platform, this);
  }

  FakePostgresTasks tasks() {
    return tasks;
  }

  void dyingAt(BiPredicate<List<String>, Integer> taskAndPhase) {
    agents.dyingAt(taskAndPhase);
  }

  void breakingAt(BiPredicate<List<String>, Integer> argumentsAndExec) {
    agents.breakingAt(argumentsAndExec);
  }

  List<FakeJob> jobs(MemberId member) {
    return agents.jobs(member);
  }

  ExecOutcome run(MemberId member, List<String> arguments, Consumer<String> onLine) {
    return agents.run(member, arguments, onLine);
  }

  @Override
  public String store() {
    return "postgres";
  }

  @Override
  public Map<String, String> status(MemberId member) {
    return pair.status(member);
  }

  @Override
  public Optional<JobEvent> step(MemberId member, FakeJob job) {
    return tasks.step(member, job);
  }

  @Override
  public void violated(String rule) {
    pair.violated(rule);
  }
}
