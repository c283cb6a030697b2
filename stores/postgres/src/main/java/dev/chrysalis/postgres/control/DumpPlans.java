package dev.chrysalis.postgres.control;

import dev.chrysalis.engine.Plan;
import dev.chrysalis.engine.Step;
import dev.chrysalis.engine.StepKind;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.DumpPolicy;
import dev.chrysalis.postgres.archive.Dump;
import dev.chrysalis.workloads.MemberSteps;
import dev.chrysalis.workloads.Parameters;
import dev.chrysalis.workloads.PlanFrame;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The plan that brings a lost database back from what `pg_dump` once wrote. Pure.
///
/// 1. The dump is read to its end before anything is touched.
/// 2. Clients are stopped, every member is fenced, the first one's volume set aside.
/// 3. The dump is restored into a fresh cluster there, all or nothing, its rows counted, and the
///    server started. Up to here a failure gives everything back.
/// 4. What was restored is accepted: the point of no return. Clients return.
/// 5. A fresh backup is taken first, and the standbys are rebuilt from it: the cluster is a new
///    one, of which the vault has nothing yet.
record DumpPlans(PlanSteps parts) {
  static final String KEY = "key";
  static final String CHECKED_BY = "checked-by";
  static final String RESTORED_BY = "restored-by";

  private static final String DUMPS = "dumps";
  private static final String CHECK = "check-dump";
  private static final String ACCEPT = "accept";
  private static final String GROUP = "restore";
  private static final String ROLE = "role.%d.%s";
  private static final String FILE = "password-file";

  /// So much of a compressed dump is looked through, and restored, in a second, as a guess.
  private static final long READ_BYTES = 40_000_000;

  private static final long RESTORED_BYTES = 8_000_000;

  Plan storeLost(List<MemberId> members, DumpPolicy policy, Dump dump) {
    MemberId first = members.getFirst();
    List<Step> steps = new ArrayList<>(parts.beginWhole(members));
    steps.add(check(first, policy, dump));
    List<Step> stopped = parts.clients().stop(CHECK, GROUP);
    steps.addAll(stopped);
    List<String> away = new ArrayList<>(PlanSteps.served(stopped, CHECK));
    for (MemberId member : members) {
      Step fence =
          MemberSteps.fence(member, "Stop " + member + " and keep it stopped", CHECK)
              .undoGroup(GROUP)
              .build();
      steps.add(fence);
      away.add(fence.id());
    }
    restore(steps, first, policy, dump, away);
    serve(steps, members);
    return parts.plan(
        "store-lost",
        "Restore the dump of %s into a fresh cluster of %s.".formatted(dump.date(), first),
        "what was written after pg_dump was started for the dump of " + dump.date(),
        steps);
  }

  private static Step check(MemberId member, DumpPolicy policy, Dump dump) {
    return Step.named(CHECK)
        .title("Read the dump of " + dump.date() + " to its end: it is whole and can be restored")
        .action(CheckDump.NAME)
        .with("member", member.toString())
        .with(parameters(policy, dump))
        .after(PlanFrame.CONFIRM)
        .expected(Duration.ofSeconds(1 + dump.bytes() / READ_BYTES))
        .deadline(Duration.ofHours(6))
        .build();
  }

  private static void restore(
      List<Step> steps, MemberId first, DumpPolicy policy, Dump dump, List<String> away) {
    Step aside = MemberSteps.setAside(first, away).destructive().undoGroup(GROUP).build();
    Step restore =
        Step.named("restore-" + first)
            .title("Restore the dump into a fresh cluster of " + first + ", and count its rows")
            .action(RestoreDump.NAME)
            .with("member", first.toString())
            .with(CHECKED_BY, CHECK)
            .with(parameters(policy, dump))
            .after(aside.id())
            .expected(Duration.ofSeconds(5 + dump.bytes() / RESTORED_BYTES))
            .deadline(Duration.ofHours(24))
            .undoGroup(GROUP)
            .build();
    Step start =
        Step.named("start-" + first)
            .title("Start " + first + " on what was restored")
            .action(StartFreshCluster.NAME)
            .with("member", first.toString())
            .with(RESTORED_BY, restore.id())
            .after(restore.id())
            .expected(Duration.ofSeconds(3))
            .deadline(Duration.ofMinutes(5))
            .undoGroup(GROUP)
            .build();
    Step accept =
        Step.named(ACCEPT)
            .title("Let " + first + " serve what was restored")
            .action(AcceptFreshCluster.NAME)
            .with("member", first.toString())
            .with(RESTORED_BY, restore.id())
            .kind(StepKind.POINT_OF_NO_RETURN)
            .after(start.id())
            .expected(Duration.ofSeconds(1))
            .build();
    steps.addAll(List.of(aside, restore, start, accept));
  }

  private void serve(List<Step> steps, List<MemberId> members) {
    MemberId first = members.getFirst();
    List<Step> started = parts.clients().start(first, ACCEPT);
    steps.addAll(started);
    Map<String, String> primary = Map.of("primary", first.toString());
    Step protect = parts.protect(primary, PlanSteps.served(started, ACCEPT));
    steps.add(protect);
    for (MemberId member : members.subList(1, members.size())) {
      parts.rebuild(steps, member, primary, List.of(protect.id()));
    }
    steps.add(PlanFrame.verify(steps));
  }

  /// What the steps need to know of the dump and of the cluster that it goes into.
  private static Map<String, String> parameters(DumpPolicy policy, Dump dump) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put(DUMPS, policy.location());
    all.put(KEY, dump.key());
    all.put("into", policy.database());
    all.put("locale", policy.locale());
    policy.owner().ifPresent(owner -> all.put("owner", owner));
    policy.configuration().ifPresent(folder -> all.put("configuration", folder.toString()));
    for (int i = 0; i < policy.roles().size(); i++) {
      DumpPolicy.Role role = policy.roles().get(i);
      all.put(ROLE.formatted(i, "name"), role.name());
      all.put(ROLE.formatted(i, FILE), role.passwordFile().map(Path::toString).orElse("-"));
    }
    return all;
  }

  static MemberId member(Step step) {
    return MemberId.parse(Parameters.of(step, "member"));
  }

  /// The agent's words for the dump.
  static List<String> source(Step step) {
    return List.of("--dumps", Parameters.of(step, DUMPS), "--key", Parameters.of(step, KEY));
  }

  /// The agent's words for the cluster that it goes into.
  static List<String> database(Step step) {
    Map<String, String> parameters = step.parameters();
    List<String> words = new ArrayList<>();
    for (String name : List.of("into", "owner", "locale", "configuration")) {
      if (parameters.containsKey(name)) {
        words.addAll(List.of("--" + name, Parameters.of(step, name)));
      }
    }
    return words;
  }

  /// The roles that are made, each with its password's file, or `-`.
  static Map<String, String> roles(Step step) {
    Map<String, String> roles = new LinkedHashMap<>();
    Map<String, String> parameters = step.parameters();
    String name = parameters.get(ROLE.formatted(0, "name"));
    for (int i = 1; name != null; i++) {
      roles.put(name, parameters.getOrDefault(ROLE.formatted(i - 1, FILE), "-"));
      name = parameters.get(ROLE.formatted(i, "name"));
    }
    return roles;
  }

  /// The name under which a run's step restores, which the restored directory keeps.
  static String restoreName(String run, String step) {
    return (run + "-" + step).toLowerCase(Locale.ROOT);
  }
}
