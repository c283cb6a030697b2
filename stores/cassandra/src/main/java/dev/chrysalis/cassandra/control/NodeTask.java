package dev.chrysalis.cassandra.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.workloads.Parameters;
import java.util.List;
import java.util.Map;

/// A task of one node's agent that takes no choice and may be repeated. Parameters: `member`.
///
/// @param name of the action
/// @param task what the agent is told
/// @param byHand the same for a person
public record NodeTask(CassandraAgents agents, String name, List<String> task, String byHand)
    implements Action {
  /// Makes the replicas of all that a node holds alike.
  public static final String REPAIR = "cassandra.repair";

  /// Takes out of a node's configuration what was written for one start of it.
  public static final String FORGET = "cassandra.forget-start";

  /// Takes damaged SSTables out of a stopped node.
  public static final String SET_DAMAGED_ASIDE = "cassandra.set-damaged-aside";

  public NodeTask {
    task = List.copyOf(task);
  }

  public static NodeTask repair(CassandraAgents agents) {
    return new NodeTask(agents, REPAIR, List.of("cassandra", "repair"), "nodetool repair --full");
  }

  public static NodeTask forgetStart(CassandraAgents agents) {
    return new NodeTask(
        agents,
        FORGET,
        List.of("cassandra", "started"),
        "# take what was written for this start out of jvm-server.options and"
            + " commitlog_archiving.properties");
  }

  public static NodeTask setDamagedAside(CassandraAgents agents) {
    return new NodeTask(
        agents,
        SET_DAMAGED_ASIDE,
        List.of("cassandra", "set-damaged-aside"),
        "# move each SSTable whose -Data.db has another CRC-32 than its -Digest.crc32 out of its"
            + " table's folder");
  }

  @Override
  public Probe probe(StepContext context) {
    return agents.probe(context, RingSteps.member(context.step()), "the task");
  }

  @Override
  public void act(StepContext context) {
    Map<String, String> _ = agents.run(context, RingSteps.member(context.step()), task);
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of("# on " + Parameters.of(step, "member"), byHand);
  }
}
