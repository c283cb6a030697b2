package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Action;
import dev.chrysalis.engine.Probe;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepContext;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.workloads.Parameters;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Starts a server that is a replica by its configuration, and waits until it has what the master
/// has. One that follows another master by then is told again. Parameters: those of `RedisGroup`;
/// `member`; `master` or `master-from`; `lag`, how many bytes it may be behind.
public record JoinReplica(RedisViews views, RedisAgents agents) implements Action {
  public static final String NAME = "redis.join";
  static final String LAG = "lag";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> choose(StepContext context) {
    return Map.of(
        Leader.MASTER, Leader.of(context).toString(),
        Leader.LISTENS,
            RedisGroup.of(context.step()).address(views.platform(), Leader.of(context)).toString());
  }

  @Override
  public Probe probe(StepContext context) {
    if (context.choices().isEmpty()) {
      return new Probe.Waiting("a replica");
    }
    MemberId member = ConfigureMember.member(context.step());
    Optional<MemberView> master = views.server(Leader.of(context)).filter(MemberView::leads);
    Optional<MemberView> view = views.server(member).filter(MemberView::answers);
    if (master.isEmpty() || view.isEmpty()) {
      return new Probe.Waiting((master.isEmpty() ? Leader.of(context) : member) + " to answer");
    }
    if (view.get().replica() && !view.get().follows(master.get())) {
      return new Probe.Stalled(member + " to follow " + master.get().id() + ", not another");
    }
    return view.get().follows(master.get()) && view.get().linked()
        ? lag(context.step(), view.get(), master.get())
        : new Probe.Waiting(member + " to have its link to " + master.get().id());
  }

  private static Probe lag(Step step, MemberView view, MemberView master) {
    long has = view.position().orElse(0);
    long behind = Math.max(0, master.position().orElse(0) - has);
    return behind <= Long.parseLong(step.parameters().getOrDefault(LAG, "0"))
        ? new Probe.Reached(Map.of("offset", Long.toString(has), "behind", Long.toString(behind)))
        : new Probe.Waiting(view.id() + ", which is " + behind + " bytes behind");
  }

  @Override
  public void act(StepContext context) {
    MemberId member = ConfigureMember.member(context.step());
    views.platform().unfence(context.token(), member);
    Optional<MemberView> master = views.server(Leader.of(context));
    views
        .server(member)
        .filter(view -> view.replica() && master.filter(m -> !view.follows(m)).isPresent())
        .ifPresent(view ->
            FollowMaster.follow(
                agents,
                context,
                member,
                Parameters.of(context.choices(), Leader.LISTENS, "the journal")));
  }

  @Override
  public List<String> byHand(Step step) {
    MemberId id = ConfigureMember.member(step);
    return List.of(
        "kubectl scale statefulset/%s --replicas=%d -n \"$NAMESPACE\""
            .formatted(id.workload(), id.ordinal() + 1),
        "kubectl exec %s -n \"$NAMESPACE\" -- redis-cli INFO replication   # until: master_link_status:up"
            .formatted(id));
  }
}
