package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.Parameters;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Makes running replicas follow the new master, and waits until their links stand. Who leads is
/// left alone, whether it was meant to or not. Parameters: those of `RedisGroup`; `members`;
/// `master` or `master-from`.
public record FollowMaster(RedisViews views, RedisAgents agents) implements Action {
  public static final String NAME = "redis.follow";
  static final String MEMBERS = "members";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    RedisGroup group = RedisGroup.of(context.step());
    return Map.of(
        Leader.CANDIDATE, Leader.of(context).toString(),
        Leader.LISTENS, group.address(views.platform(), Leader.of(context)).toString());
  }

  @Override
  public Probe probe(StepContext context) {
    RedisState state = RedisGroup.of(context.step()).servers(views);
    MemberId master = Leader.of(context);
    // Who does not run holds nobody up, nor does the copy that a replica has yet to make: clients
    // wait for the Sentinels, and these for this step.
    List<MemberId> astray =
        others(context)
            .filter(id -> state.server(id).filter(v -> isAstray(v, state, master)).isPresent())
            .toList();
    return astray.isEmpty()
        ? new Probe.Reached(Map.of("follow", others(context).toList().toString()))
        : new Probe.Stalled(astray + " to follow " + master);
  }

  private static boolean isAstray(MemberView view, RedisState state, MemberId master) {
    return view.replica() && state.server(master).filter(view::follows).isEmpty();
  }

  @Override
  public void act(StepContext context) {
    RedisState state = RedisGroup.of(context.step()).servers(views);
    String listens = Parameters.of(context.choices(), Leader.LISTENS, "the journal");
    others(context)
        .flatMap(id -> state.server(id).stream())
        .filter(MemberView::replica)
        .forEach(view -> follow(agents, context, view.id(), listens));
  }

  static void follow(RedisAgents agents, StepContext context, MemberId replica, String listens) {
    Map<String, String> _ =
        agents.run(context, replica, true, List.of("redis", "follow", "--master", listens));
  }

  private static Stream<MemberId> others(StepContext context) {
    MemberId master = Leader.of(context);
    return Parameters.list(context.step(), MEMBERS).stream()
        .map(MemberId::parse)
        .filter(id -> !id.equals(master));
  }

  @Override
  public List<String> byHand(Step step) {
    return List.of(
        "redis-cli -h \"$REPLICA\" REPLICAOF \"$NEW_MASTER\" "
            + Parameters.of(step, "port")
            + " && redis-cli -h \"$REPLICA\" CONFIG REWRITE   # each of "
            + step.parameters().getOrDefault(MEMBERS, ""),
        "redis-cli -h \"$REPLICA\" INFO replication   # until: master_link_status:up");
  }
}
