package dev.chrysalis.redis.control;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepBuilder;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.control.RestorePoints.CameUpEmpty;
import dev.chrysalis.workloads.MemberSteps;
import dev.chrysalis.workloads.PlanFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Plans that put another state of the whole store in the place of the one that is there. Pure.
///
/// 1. The restore point is chosen and checked before anything is touched.
/// 2. Clients are stopped. Where a master still takes writes, the vault has all of its log before
///    anything else. Sentinels are stopped before the servers, so that nobody fails over.
/// 3. The first member is restored into an empty volume, told to lead, started, and its keys are
///    seen. Up to here a failure gives everything back.
/// 4. What was restored is accepted: the point of no return. The others follow it from empty
///    volumes, then the Sentinels are started, last. Clients return.
record RestorePlans(RedisSteps parts) {
  private static final String POINT = "choose-restore-point";
  private static final String CHECK_DUMP = "check-dump";
  private static final String END_OF_LOG = "await-end-of-log";
  private static final String ACCEPT = "accept";
  private static final String GROUP = "restore";

  Plan storeLost(List<MemberId> members) {
    MemberId first = members.getFirst();
    List<Step> steps = new ArrayList<>(parts.beginWhole());
    steps.add(
        choose("Choose the newest restore point and check that it is complete", first).build());
    Optional<CameUpEmpty> empty =
        parts.found() instanceof Situation.StoreLost lost ? lost.filledAnew() : Optional.empty();
    List<String> stopped = stop(steps, POINT);
    List<String> before = stopped;
    if (empty.isPresent()) {
      steps.add(awaitEndOfLog(empty.get().member(), stopped));
      before = List.of(END_OF_LOG);
    }
    restoreFirst(steps, members, fenceAll(steps, members, before), fromVault(first));
    accept(steps, first, empty.map(_ -> END_OF_LOG));
    steps.add(parts.stateLoss(Map.of(StateLoss.POINT_FROM, POINT), ACCEPT).build());
    serve(steps, members);
    return parts.plan(
        "store-lost",
        "Restore %s from the vault into an empty volume of %s; the others copy it, Sentinels last."
            .formatted(parts.store().name(), first),
        empty
            .map(RestorePlans::sinceItCameUpEmpty)
            .orElse(
                "what was written after the newest moment in the vault (%s)"
                    .formatted(parts.forecast().recoveryPointAge())),
        steps);
  }

  private static String sinceItCameUpEmpty(CameUpEmpty empty) {
    return "what was written since %s came up empty, seen at %s; what the vault has of it is kept: chrysalis restore --keys"
        .formatted(empty.member(), empty.at());
  }

  Plan dataCorrupted(List<MemberId> members, Optional<MemberId> master, RedisPlans.Target target) {
    MemberId first = members.getFirst();
    List<Step> steps = new ArrayList<>(parts.beginWhole());
    steps.add(
        choose("Choose the restore point for " + target.to() + " and check it", first)
            .with(ChooseRestorePoint.TARGET, target.to().toString())
            .build());
    List<String> stopped = stop(steps, POINT);
    List<String> before = stopped;
    if (master.isPresent()) {
      steps.add(awaitEndOfLog(master.get(), stopped));
      before = List.of(END_OF_LOG);
    }
    restoreFirst(steps, members, fenceAll(steps, members, before), fromVault(first));
    accept(steps, first, master.map(_ -> END_OF_LOG));
    serve(steps, members);
    return parts.plan(
        "data-corrupted",
        "Bring %s back to %s (the state of %s) in an empty volume of %s; the others copy it,"
                .formatted(parts.store().name(), target.to(), target.reached(), first)
            + " Sentinels last.",
        "what was written from %s to %s, by the vault now; told again when the writers are stopped"
            .formatted(target.reached(), target.heldUntil().map(Object::toString).orElse("now")),
        parts.stack().objectives().corruption(),
        steps);
  }

  Plan storeLostWithDump(List<MemberId> members, String location, String key) {
    MemberId first = members.getFirst();
    List<Step> steps = new ArrayList<>(parts.beginWhole());
    Map<String, String> dump = Map.of(RestoreDump.LOCATION, location, RestoreDump.KEY, key);
    steps.add(
        parts
            .step(CHECK_DUMP, CheckDump.NAME)
            .title("Read the RDB file " + key + " to its end: it is whole")
            .with("member", first.toString())
            .with(dump)
            .after(PlanFrame.CONFIRM)
            .deadline(Duration.ofHours(6))
            .build());
    List<String> fenced = fenceAll(steps, members, stop(steps, CHECK_DUMP));
    Step restore =
        restoring(first, RestoreDump.NAME)
            .title("Restore the RDB file " + key + " into an empty volume of " + first)
            .with(dump)
            .build();
    restoreFirst(steps, members, fenced, restore);
    accept(steps, first, Optional.empty());
    serve(steps, members);
    return parts.plan(
        "store-lost",
        "Restore the RDB file %s into an empty volume of %s; the others copy it, Sentinels last."
            .formatted(key, first),
        "what was written after that file was made",
        steps);
  }

  private StepBuilder choose(String title, MemberId first) {
    return parts
        .step(POINT, ChooseRestorePoint.NAME)
        .title(title)
        .with("member", first.toString())
        .after(PlanFrame.CONFIRM)
        .expected(Duration.ofSeconds(2));
  }

  /// Stops all that use the store. Returns what has to be done before anything else stops.
  private List<String> stop(List<Step> steps, String after) {
    List<Step> stopped = parts.clients().stopAll(after, GROUP);
    steps.addAll(stopped);
    List<String> ids = new ArrayList<>(List.of(after));
    stopped.stream().map(Step::id).forEach(ids::add);
    return ids;
  }

  private Step awaitEndOfLog(MemberId master, List<String> stopped) {
    return parts
        .step(END_OF_LOG, AwaitLog.NAME)
        .title("Wait until the vault has all that " + master + " wrote, and tell what is left out")
        .with(Leader.MASTER, master.toString())
        .with(StateLoss.POINT_FROM, POINT)
        .after(stopped)
        .expected(Duration.ofSeconds(5))
        .deadline(Duration.ofMinutes(30))
        .undoGroup(GROUP)
        .build();
  }

  /// Sentinels first, then the servers. Returns all that has to be done before the restore.
  private List<String> fenceAll(List<Step> steps, List<MemberId> members, List<String> after) {
    List<String> sentinels = fence(steps, parts.sentinels(), after);
    return fence(steps, members, sentinels);
  }

  private static List<String> fence(List<Step> steps, List<MemberId> members, List<String> after) {
    List<String> fenced = new ArrayList<>(after);
    for (MemberId member : members) {
      String title = "Stop " + member + " and keep it stopped";
      Step fence =
          MemberSteps.fence(member, title, after.getFirst()).after(after).undoGroup(GROUP).build();
      steps.add(fence);
      fenced.add(fence.id());
    }
    return fenced;
  }

  private StepBuilder restoring(MemberId first, String action) {
    return parts
        .step("restore", first, action)
        .after("set-aside-" + first)
        .expected(parts.forecast().restore())
        .deadline(Duration.ofHours(12))
        .undoGroup(GROUP);
  }

  private Step fromVault(MemberId first) {
    return restoring(first, RestoreMember.NAME)
        .title("Restore " + first + " from the vault")
        .with(StateLoss.POINT_FROM, POINT)
        .build();
  }

  private void restoreFirst(
      List<Step> steps, List<MemberId> members, List<String> fenced, Step restore) {
    MemberId first = members.getFirst();
    Step configure =
        parts
            .configure(
                first,
                ConfigureMember.Role.LEAD,
                "Write into its configuration that " + first + " leads")
            .after(restore.id())
            .undoGroup(GROUP)
            .build();
    StepBuilder start =
        parts
            .step("start", first, StartRestored.NAME)
            .title("Start " + first + " and see that it leads with the keys that were restored")
            .with(StartRestored.RESTORED_BY, restore.id())
            .after(configure.id())
            .expected(Duration.ofSeconds(5))
            .deadline(Duration.ofHours(3))
            .undoGroup(GROUP);
    if (restore.parameters().containsKey(StateLoss.POINT_FROM)) {
      start.with(StateLoss.POINT_FROM, POINT);
    }
    steps.add(MemberSteps.setAside(first, fenced).destructive().undoGroup(GROUP).build());
    steps.addAll(List.of(restore, configure, start.build()));
  }

  private void accept(List<Step> steps, MemberId first, Optional<String> measured) {
    steps.add(
        parts
            .pointOfNoReturn(ACCEPT, AcceptRestored.NAME)
            .title("Let " + first + " lead with what was restored")
            .with("member", first.toString())
            .with(AcceptRestored.STARTED_BY, "start-" + first)
            .with(measured.map(m -> Map.of(AcceptRestored.MEASURED_BY, m)).orElseGet(Map::of))
            .after("start-" + first)
            .build());
  }

  private void serve(List<Step> steps, List<MemberId> members) {
    MemberId first = members.getFirst();
    Map<String, String> master = Map.of(Leader.MASTER, first.toString());
    List<String> joined = new ArrayList<>(List.of(ACCEPT));
    for (MemberId member : members.subList(1, members.size())) {
      parts.rejoin(steps, member, true, master, List.of(ACCEPT));
      joined.add("join-" + member);
    }
    String watched = parts.watch(steps, master, joined);
    List<Step> started = parts.clients().startAll(first, List.of(watched));
    steps.addAll(started);
    parts.end(steps, master, started.isEmpty() ? List.of(watched) : PlanFrame.ends(started));
  }
}
