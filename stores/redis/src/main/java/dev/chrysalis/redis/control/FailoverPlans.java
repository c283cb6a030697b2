package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepBuilder;
import dev.chrysalis.engine.StepKind;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.control.MemberView.Condition;
import dev.chrysalis.workloads.MemberSteps;
import dev.chrysalis.workloads.PlanFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Plans that put another master in the place of one that is down or lost. Pure.
///
/// 1. That a replica is fit is seen before anything is touched.
/// 2. The old master is fenced, and whoever else does not serve.
/// 3. Where the Sentinels can fail over they are watched until a deadline, then told to. Where they
///    cannot they are stopped first, the most advanced replica is made the master, and the others
///    follow it; the Sentinels are repaired and started last.
/// 4. What was lost is stated. Clients are pointed at the new master, or awaited.
/// 5. Who was fenced comes back as a replica by its configuration, never as what it was.
record FailoverPlans(RedisSteps parts) {
  private static final String CHECK = "check-replicas";
  private static final String AWAIT = "await-failover";
  private static final String FORCE = "force-failover";
  private static final String FIND = "find-master";
  private static final String CHOOSE = "choose-replica";
  private static final String LEAD = "lead";
  private static final String FOLLOW = "follow-others";

  /// By the Sentinels.
  Plan byVote(String scenario, List<MemberId> gone) {
    List<MemberId> old = away(gone);
    List<Step> steps = new ArrayList<>(parts.begin(old));
    steps.add(check(old, Optional.empty()).with(ChooseReplica.OR_LEADER, "yes").build());
    List<String> fenced = fence(steps, old);
    Map<String, String> inPlaceOf = Map.of(ChooseReplica.OLD, MemberSteps.names(old));
    steps.add(
        parts
            .step(AWAIT, AwaitFailover.NAME)
            .title("Watch the Sentinels fail over by themselves, until their own deadline")
            .with(inPlaceOf)
            .after(fenced)
            .expected(Duration.ofSeconds(5))
            .deadline(Duration.ofMinutes(15))
            .build());
    steps.add(
        parts
            .step(FORCE, ForceFailover.NAME)
            .title("Make the Sentinels fail over, where it did not happen by itself")
            .with(inPlaceOf)
            .kind(StepKind.ONCE)
            .after(AWAIT)
            .expected(Duration.ofSeconds(3))
            .build());
    steps.add(
        parts
            .step(FIND, FindMaster.NAME)
            .title("See who leads now, and that it has data")
            .with(inPlaceOf)
            .after(FORCE)
            .expected(Duration.ofSeconds(1))
            .build());
    Map<String, String> master = Map.of(Leader.MASTER_FROM, FIND);
    steps.add(parts.stateLoss(master, FIND).with(StateLoss.POSITIONS_FROM, AWAIT).build());
    if (!parts.sentinelsDown().isEmpty()) {
      Step _ = parts.restartSentinels(steps, parts.sentinelsDown(), master, FIND);
    }
    serve(steps, old, master, FIND, FIND, false);
    return parts.plan(
        scenario,
        "Fence %s, let the Sentinels make a replica the master (force it where they do not), bring"
                .formatted(old)
            + " the fenced back as replicas.",
        lossOfFailover(),
        steps);
  }

  /// Without the Sentinels: they cannot agree.
  ///
  /// @param holder the only one that may lead, where that is known
  Plan withoutVote(String scenario, List<MemberId> gone, Optional<MemberId> holder) {
    List<MemberId> old =
        away(gone).stream().filter(id -> !holder.filter(id::equals).isPresent()).toList();
    List<Step> steps = new ArrayList<>(parts.begin(List.of()));
    boolean down = holder.flatMap(parts.state()::server).filter(v -> !v.answers()).isPresent();
    if (!down) {
      steps.add(check(old, holder).build());
    }
    String first = down ? PlanFrame.CONFIRM : CHECK;
    List<MemberId> stopped = Stream.concat(parts.sentinels().stream(), old.stream()).toList();
    List<String> fenced = new ArrayList<>(List.of(first));
    for (MemberId member : stopped) {
      steps.add(parts.fence(member, List.of(first)));
      fenced.add("fence-" + member);
    }
    if (down) {
      fenced = List.of(raise(steps, holder.orElseThrow(), fenced));
    }
    steps.add(choose(CHOOSE, old, holder).after(fenced).build());
    boolean leads =
        down || holder.flatMap(parts.state()::server).filter(MemberView::leads).isPresent();
    String led = leads ? CHOOSE : lead(steps);
    Map<String, String> master = Map.of(Leader.MASTER_FROM, CHOOSE);
    steps.add(parts.stateLoss(master, led).with(StateLoss.POSITIONS_FROM, CHOOSE).build());
    steps.add(follow(old, master, led));
    String watched = parts.watch(steps, master, List.of(FOLLOW));
    serve(steps, old, master, led, watched, down);
    return parts.plan(
        scenario,
        "Stop the Sentinels, make %s the master, bring %s back as replicas, and the Sentinels last."
            .formatted(
                holder.map(MemberId::toString).orElse("the most advanced replica"),
                old.isEmpty() ? "the others" : old),
        leads ? "what others wrote that do not lead" : lossOfFailover(),
        steps);
  }

  /// Restarts a master whose data is there, since no replica is fit to lead in its place; then the
  /// Sentinels that do not run, since clients ask them where it is.
  Plan restart(MemberId master) {
    List<Step> steps = new ArrayList<>(parts.begin(List.of()));
    Step restart =
        MemberSteps.restart(master, "Restart the master " + master, PlanFrame.CONFIRM)
            .deadline(RedisSteps.LOADS_WITHIN)
            .build();
    steps.add(restart);
    Step start =
        parts
            .step("start", master, StartRestored.NAME)
            .title("Wait until " + master + " has loaded its data and leads")
            .with(StartRestored.RESTORED_BY, restart.id())
            .with(hasNothingToLose() ? Map.of(StartRestored.MAY_BE_EMPTY, "yes") : Map.of())
            .after(restart.id())
            .expected(Duration.ofSeconds(5))
            .deadline(RedisSteps.LOADS_WITHIN)
            .build();
    steps.add(start);
    List<MemberId> others = away(List.of()).stream().filter(id -> !id.equals(master)).toList();
    Map<String, String> leads = Map.of(Leader.MASTER, master.toString());
    others.forEach(member -> steps.add(parts.fence(member, List.of(start.id()))));
    others.forEach(m -> parts.rejoin(steps, m, lostItsData(m), leads, List.of(start.id())));
    List<MemberId> down = parts.sentinelsDown();
    String told =
        down.isEmpty() ? start.id() : parts.restartSentinels(steps, down, leads, start.id()).id();
    List<Step> awaited = parts.clients().awaitOthers(List.of(told));
    steps.addAll(awaited);
    parts.end(steps, leads, awaited.isEmpty() ? List.of(told) : PlanFrame.ends(awaited));
    return parts.plan(
        "master-down",
        "Restart %s, whose data is there: no replica is fit to lead in its place."
            .formatted(master),
        "what it had not written to disk",
        steps);
  }

  /// Whether it is certain that no server has a key: only then may a master come up without one.
  private boolean hasNothingToLose() {
    return parts.state().servers().stream()
        .allMatch(v ->
            v.condition() == Condition.DATA_LOST
                || (v.condition() == Condition.DOWN_INTACT && !v.keepsKeys()));
  }

  private static String lossOfFailover() {
    return "at most what no replica had received (as a rule less than a second of writes)";
  }

  /// Who is to be fenced and to come back as a replica: those that the plan is about, and all whose
  /// server is certain not to run.
  private List<MemberId> away(List<MemberId> gone) {
    return parts.state().servers().stream()
        .filter(v ->
            gone.contains(v.id())
                || v.condition() == Condition.DATA_LOST
                || v.condition() == Condition.DOWN_INTACT)
        .map(MemberView::id)
        .toList();
  }

  private StepBuilder check(List<MemberId> old, Optional<MemberId> holder) {
    return choose(CHECK, old, holder)
        .title("See that a replica is fit to lead")
        .after(PlanFrame.CONFIRM);
  }

  private StepBuilder choose(String id, List<MemberId> old, Optional<MemberId> holder) {
    return parts
        .step(id, ChooseReplica.NAME)
        .title("Choose the most advanced replica")
        .with(ChooseReplica.OLD, MemberSteps.names(old))
        .with(holder.map(h -> Map.of(ChooseReplica.HOLDER, h.toString())).orElseGet(Map::of))
        .expected(Duration.ofSeconds(1));
  }

  private List<String> fence(List<Step> steps, List<MemberId> old) {
    List<String> fenced = new ArrayList<>(List.of(CHECK));
    for (MemberId member : old) {
      steps.add(
          parts
              .step("fence", member, FenceFormer.NAME)
              .title("Fence " + member + ", which must not serve any more")
              .after(CHECK)
              .expected(Duration.ofSeconds(2))
              .deadline(Duration.ofMinutes(2))
              .build());
      fenced.add("fence-" + member);
    }
    return fenced;
  }

  /// Starts a member whose data is there as the master. Returns the last step.
  private String raise(List<Step> steps, MemberId holder, List<String> fenced) {
    steps.add(parts.fence(holder, fenced));
    Step configure =
        parts
            .configure(
                holder,
                ConfigureMember.Role.LEAD,
                "Write into its configuration that " + holder + " leads")
            .after("fence-" + holder)
            .build();
    Step start =
        parts
            .pointOfNoReturn("start-" + holder, StartRestored.NAME)
            .with("member", holder.toString())
            .title("Start " + holder + ", whose data is there, as the master")
            .with(StartRestored.RESTORED_BY, configure.id())
            .after(configure.id())
            .deadline(Duration.ofHours(1))
            .build();
    steps.addAll(List.of(configure, start));
    return start.id();
  }

  private String lead(List<Step> steps) {
    steps.add(
        parts
            .pointOfNoReturn(LEAD, Lead.NAME)
            .title("Make the chosen replica the master")
            .with(Leader.MASTER_FROM, CHOOSE)
            .after(CHOOSE)
            .build());
    return LEAD;
  }

  private Step follow(List<MemberId> old, Map<String, String> master, String led) {
    List<MemberId> replicas =
        parts.state().servers().stream()
            .filter(MemberView::replica)
            .map(MemberView::id)
            .filter(id -> !old.contains(id))
            .toList();
    return parts
        .step(FOLLOW, FollowMaster.NAME)
        .title("Make the other replicas follow it")
        .with(master)
        .with(FollowMaster.MEMBERS, MemberSteps.names(replicas))
        .after(led)
        .expected(Duration.ofSeconds(3))
        .deadline(Duration.ofHours(1))
        .build();
  }

  /// @param led the step since which the master is known to take writes
  /// @param told the step since which the Sentinels tell clients so
  /// @param raised whether the master was chosen among members that do not run: others of them may
  ///   have newer data, so that theirs is kept
  private void serve(
      List<Step> steps,
      List<MemberId> old,
      Map<String, String> master,
      String led,
      String told,
      boolean raised) {
    String from = master.getOrDefault(Leader.MASTER_FROM, "");
    List<Step> pointed = parts.clients().point(Map.of("address-from", from), led);
    List<Step> awaited = parts.clients().awaitOthers(List.of(told));
    steps.addAll(pointed);
    steps.addAll(awaited);
    List<String> served = new ArrayList<>(List.of(told));
    Stream.concat(pointed.stream(), awaited.stream()).map(Step::id).forEach(served::add);
    for (MemberId member : old) {
      boolean kept =
          raised && parts.state().server(member).filter(MemberView::keepsKeys).isPresent();
      parts.rejoin(steps, member, kept || lostItsData(member), master, served);
    }
    parts.end(steps, master, served);
  }

  private boolean lostItsData(MemberId member) {
    return parts
        .state()
        .server(member)
        .filter(
            v -> v.condition() == Condition.DATA_LOST || v.condition() == Condition.EMPTY_MASTER)
        .isPresent();
  }
}
