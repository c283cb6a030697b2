package dev.chrysalis.recovery.redis;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Volume;
import dev.chrysalis.recovery.aftermath.Runbook;
import dev.chrysalis.redis.control.MemberView;
import dev.chrysalis.redis.control.RedisPlans;
import dev.chrysalis.redis.control.RedisState;
import dev.chrysalis.redis.control.SentinelView;
import dev.chrysalis.redis.control.Situation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The plans that a healthy Redis datastore may need one day. Pure: the same stack and members give
/// the same plans.
///
/// @param servers at least one; the first of them stands for the master
record RedisRehearsal(
    Stack stack,
    Datastore store,
    List<MemberId> servers,
    List<MemberId> sentinels,
    RedisPlans.Forecast forecast) {
  private static final Map<String, String> VOTES = Map.of("sentinel", "up", "ckquorum", "ok");

  RedisRehearsal {
    servers = servers.stream().sorted().toList();
    sentinels = sentinels.stream().sorted().toList();
    if (servers.isEmpty()) {
      throw new IllegalArgumentException(store.name() + " has no members");
    }
  }

  /// The mildest first.
  List<Plan> all() {
    MemberId master = master();
    List<MemberId> replicas = replicas();
    List<Plan> all = new ArrayList<>();
    all.addAll(answer(new Situation.SentinelsDown(master, sentinels, false, false)));
    all.addAll(answer(new Situation.QuorumLost(master, sentinels, "NOQUORUM")));
    if (!replicas.isEmpty()) {
      all.addAll(answer(new Situation.ReplicaDown(master, replicas)));
      all.addAll(answer(new Situation.ReplicaLost(master, replicas)));
      all.addAll(answer(new Situation.ReplicationBroken(master, replicas)));
    }
    all.addAll(feared());
    all.add(corrupted());
    return List.copyOf(all);
  }

  /// The longest last.
  List<Plan> feared() {
    List<Plan> all = new ArrayList<>(answer(new Situation.MasterDown(master(), replicas(), true)));
    if (!replicas().isEmpty()) {
      all.addAll(
          answer(new Situation.MasterLost(List.of(master()), replicas(), Optional.of(master()))));
    }
    all.add(plans(new Situation.AllWell(master())).storeLost(servers));
    return List.copyOf(all);
  }

  /// The plan for when no server and no Sentinel runs, and all data is there.
  Plan allDown() {
    Map<String, String> down = Map.of("server", "down", "data", "present");
    RedisState halted =
        new RedisState(
            servers.stream().map(id -> server(id, down)).toList(),
            sentinels.stream()
                .map(id -> new SentinelView(member(id), Map.of("sentinel", "down")))
                .toList());
    return plans(new Situation.MasterDown(master(), List.of(), false), halted).plan().orElseThrow();
  }

  private Plan corrupted() {
    RedisPlans.Target target =
        new RedisPlans.Target(Instant.EPOCH, Instant.EPOCH, Optional.empty());
    Plan plan =
        plans(new Situation.AllWell(master()))
            .dataCorrupted(servers, Optional.of(master()), target);
    return new Plan(
        plan.scenario(),
        plan.stack(),
        "Bring %s back to the moment %s, into fresh storage of %s."
            .formatted(store.name(), Runbook.TARGET, master()),
        "all that was written after that moment",
        plan.objective(),
        plan.steps());
  }

  private MemberId master() {
    return servers.getFirst();
  }

  private List<MemberId> replicas() {
    return servers.subList(1, servers.size());
  }

  private List<Plan> answer(Situation situation) {
    return plans(situation).plan().stream().toList();
  }

  private RedisPlans plans(Situation situation) {
    RedisState healthy =
        new RedisState(
            servers.stream().map(this::server).toList(),
            sentinels.stream().map(id -> new SentinelView(member(id), VOTES)).toList());
    return plans(situation, healthy);
  }

  private RedisPlans plans(Situation situation, RedisState state) {
    return new RedisPlans(stack, store, situation, state, forecast, Map.of());
  }

  private MemberView server(MemberId id) {
    return server(
        id,
        id.equals(master())
            ? Map.of("server", "up", "role", "master", "keys", "1")
            : Map.of("server", "up", "role", "replica", "keys", "1", "master.link", "up"));
  }

  private static MemberView server(MemberId id, Map<String, String> status) {
    return new MemberView(member(id), new Volume(Volume.State.PRESENT, false, 1, 1), status);
  }

  private static Member member(MemberId id) {
    return new Member(id, "", Member.Phase.RUNNING, true, 0, 1, Instant.EPOCH, "");
  }
}
