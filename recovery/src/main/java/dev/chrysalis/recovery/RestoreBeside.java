package dev.chrysalis.recovery;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Lease;
import dev.chrysalis.engine.Leases;
import dev.chrysalis.engine.Ticker;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.ProofQuery;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.PlatformErrors;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.job.JobState;
import dev.chrysalis.platform.job.Jobs;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.control.PostgresAgents;
import dev.chrysalis.postgres.control.WalInVault;
import dev.chrysalis.vault.VaultErrors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Brings a moment of a database up as a server of its own beside the living one, and removes it.
///
/// 1. The moment is resolved, and kept with the copy's declaration: who repeats a restore that was
///    cut off goes on with what was chosen.
/// 2. The copy gets an empty volume; the agent beside it restores, as for a recovery.
/// 3. Its server starts, replays to the target and stands still there: it can be read, not written.
///    Nothing is shipped from it.
///
/// Holds: no call names a member of the living stack but to read. The stack's lease is held only
/// while something is started or removed, so that no recovery waits for a restore.
public final class RestoreBeside {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,29}");
  private static final Duration WAIT_FOR_LEASE = Duration.ofSeconds(40);
  private static final Duration PATIENCE = Duration.ofHours(3);
  private static final Duration PACE = Duration.ofMillis(300);

  /// A server that replays needs some segments at once.
  private static final long LEAST_ROOM = 64L << 20;

  /// What an agent fails with where the vault does not hold what a restore needs; all else that it
  /// fails with says nothing about the restore point.
  private static final Set<String> DAMAGE =
      Stream.of(
              VaultErrors.OBJECT_MISSING,
              VaultErrors.SNAPSHOT_INCOMPLETE,
              VaultErrors.OBJECT_DAMAGED,
              VaultErrors.LOG_GAP,
              PostgresErrors.NO_RESTORE_POINT,
              PostgresErrors.PAGE_DAMAGED,
              PostgresErrors.WAL_MISSING,
              PostgresErrors.WAL_DAMAGED)
          .map(ErrorCode::toString)
          .collect(Collectors.toUnmodifiableSet());

  private static final String SNAPSHOT = "CHRYSALIS_COPY_SNAPSHOT";
  private static final String TIMELINE = "CHRYSALIS_COPY_TIMELINE";
  private static final String TARGET = "CHRYSALIS_COPY_TARGET";
  private static final String COMMIT = "CHRYSALIS_COPY_COMMIT";
  private static final String AIM = "CHRYSALIS_COPY_AIM";

  private final Stack stack;
  private final Datastore store;
  private final Platform platform;
  private final Jobs jobs;
  private final PostgresAgents agents;
  private final Leases leases;
  private final WalInVault wal;
  private final Ticker ticker;

  public RestoreBeside(
      Stack stack,
      Datastore store,
      Platform platform,
      Jobs jobs,
      PostgresAgents agents,
      Leases leases,
      WalInVault wal,
      Ticker ticker) {
    this.stack = stack;
    this.store = store;
    this.platform = platform;
    this.jobs = jobs;
    this.agents = agents;
    this.leases = leases;
    this.wal = wal;
    this.ticker = ticker;
  }

  /// A copy that stands beside the database.
  ///
  /// @param state `readable` where it answers and stands at its target, else what it is at
  /// @param commit when the newest commit in it happened; empty where that is not known
  public record Copy(
      String name,
      String address,
      int port,
      String state,
      String snapshot,
      int timeline,
      String target,
      String commit) {}

  /// Brings a moment up under a name. Returns when the copy can be read; told how far it is.
  public Copy restore(
      String name,
      RestoreAim aim,
      Holder holder,
      WalInVault.Reading reading,
      Consumer<JobEvent> seen) {
    Optional<Workload> there = copy(checked(name));
    there.ifPresent(copy -> requireSame(copy, aim));
    Map<String, String> chosen =
        there
            .map(Workload::environment)
            .orElseGet(() -> settled(aim, wal.choose(aim.goal(), aim.timeline(), reading)));
    return restore(name, chosen, holder, seen);
  }

  /// The same of a moment that was resolved before, under a name that no copy has.
  public Copy restore(
      String name,
      RestoreAim aim,
      WalInVault.Chosen chosen,
      Holder holder,
      Consumer<JobEvent> seen) {
    return restore(checked(name), settled(aim, chosen), holder, seen);
  }

  private Copy restore(
      String name, Map<String, String> chosen, Holder holder, Consumer<JobEvent> seen) {
    MemberId member = new MemberId(name, 0);
    JobId job = new JobId("restore-" + name);
    try (Lease lease = leases.acquire(stack.name(), holder, WAIT_FOR_LEASE)) {
      platform.createScratch(lease.token(), store.workload(), name, chosen);
      startRestore(member, job, lease, chosen);
    }
    Map<String, String> _ =
        requireDone("the restore of " + name, name, jobs.follow(member, job, 0, seen));
    try (Lease lease = leases.acquire(stack.name(), holder, WAIT_FOR_LEASE)) {
      startFeed(member, lease, chosen);
      platform.unfence(lease.token(), member);
    }
    awaitTarget(member, Lsn.parse(chosen.getOrDefault(TARGET, "0/0")), seen);
    return view(platform.workload(name));
  }

  /// Reads all that a readable copy holds, and asks it. Returns what was found, by the names of the
  /// agent's `postgres examine`.
  public Map<String, String> examine(
      String name, List<ProofQuery> queries, Holder holder, Consumer<JobEvent> seen) {
    MemberId member = new MemberId(checked(name), 0);
    JobId job = new JobId("examine-" + name);
    List<String> task = new ArrayList<>(List.of("postgres", "examine"));
    queries.forEach(q -> task.addAll(List.of("--query", q.name(), q.database(), q.sql())));
    try (Lease lease = leases.acquire(stack.name(), holder, WAIT_FOR_LEASE)) {
      jobs.start(member, job, lease.token(), task, attempt(member, job));
    }
    return requireDone("the examination of " + name, name, jobs.follow(member, job, 0, seen));
  }

  /// Ends and removes a copy; one that is not there is no error.
  public void drop(String name, Holder holder) {
    if (copy(checked(name)).isEmpty()) {
      return;
    }
    MemberId member = new MemberId(name, 0);
    try (Lease lease = leases.acquire(stack.name(), holder, WAIT_FOR_LEASE)) {
      jobs.quiet(member, lease.token());
      platform.removeScratch(lease.token(), name);
    }
  }

  /// The copies of this datastore that are there.
  public List<Copy> list() {
    return platform.workloads().stream().filter(this::isCopy).map(this::view).toList();
  }

  private String checked(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new ChrysalisException(
          RecoveryErrors.BAD_COPY_NAME,
          "'" + name + "' is no name for a copy",
          "use up to 30 of a-z, 0-9 and -, and begin with a letter");
    }
    return name;
  }

  /// The copy of that name, where there is one; what is no copy keeps its name for itself.
  private Optional<Workload> copy(String name) {
    Optional<Workload> there =
        platform.workloads().stream().filter(w -> w.name().equals(name)).findFirst();
    there
        .filter(w -> !isCopy(w))
        .ifPresent(w -> {
          throw new ChrysalisException(
              RecoveryErrors.BAD_COPY_NAME,
              name + " is a workload of the stack, no copy of " + store.name(),
              "choose another name; see what copies there are: chrysalis restore --list");
        });
    return there;
  }

  /// What was asked for when a copy was begun is what it holds.
  private void requireSame(Workload copy, RestoreAim aim) {
    String begun = copy.environment().getOrDefault(AIM, words(aim));
    if (!begun.equals(words(aim))) {
      throw new ChrysalisException(
          RecoveryErrors.BAD_COPY_NAME,
          "there is a copy %s already, of %s and not of %s"
              .formatted(copy.name(), begun, words(aim)),
          "nothing was made; choose another name, or drop it first: chrysalis restore --drop "
              + copy.name());
    }
  }

  private static String words(RestoreAim aim) {
    return aim.goal() + aim.timeline().map(on -> " on timeline " + on).orElse("");
  }

  private boolean isCopy(Workload workload) {
    return store.workload().equals(workload.environment().get(Platform.SCRATCH_OF))
        && workload.environment().containsKey(TARGET);
  }

  private Map<String, String> settled(RestoreAim aim, WalInVault.Chosen chosen) {
    if (chosen.missingPacks() > 0) {
      throw new ChrysalisException(
          PostgresErrors.NO_RESTORE_POINT,
          "snapshot %s lacks %d of its packs".formatted(chosen.snapshot(), chosen.missingPacks()),
          "nothing was made; see what else the vault holds: chrysalis restore-points");
    }
    long free =
        platform.volume(platform.workload(store.workload()).members().getFirst().id()).freeBytes();
    if (free < chosen.bytes() + chosen.bytes() / 10) {
      throw new ChrysalisException(
          PostgresErrors.NO_ROOM,
          "the copy needs %d MB, there are %d MB free"
              .formatted(chosen.bytes() * 11 / 10_000_000, free / 1_000_000),
          "nothing was made; make room, for one by chrysalis restore --drop");
    }
    return Map.of(
        SNAPSHOT, chosen.snapshot(),
        TIMELINE, Integer.toString(chosen.timeline()),
        TARGET, chosen.target().toString(),
        COMMIT, chosen.commit().map(Object::toString).orElse(""),
        AIM, words(aim));
  }

  private void startRestore(MemberId member, JobId job, Lease lease, Map<String, String> chosen) {
    List<String> task = new ArrayList<>(List.of("postgres", "restore"));
    task.addAll(target(chosen));
    // What only a primary does is off in a copy, whatever the original's configuration says.
    task.addAll(List.of("--set", "archive_mode=off", "--name", job.value()));
    jobs.start(member, job, lease.token(), task, attempt(member, job));
  }

  private void startFeed(MemberId member, Lease lease, Map<String, String> chosen) {
    List<String> task = new ArrayList<>(List.of("postgres", "feed"));
    task.addAll(target(chosen));
    JobId feed = new JobId("feed-" + member.workload());
    jobs.start(member, feed, lease.token(), task, attempt(member, feed));
  }

  private static List<String> target(Map<String, String> chosen) {
    return List.of(
        "--snapshot",
        chosen.getOrDefault(SNAPSHOT, ""),
        "--to",
        "lsn:" + chosen.getOrDefault(TARGET, ""),
        "--timeline",
        chosen.getOrDefault(TIMELINE, ""));
  }

  private int attempt(MemberId member, JobId job) {
    return jobs.state(member, job) instanceof JobState.Lost lost ? lost.attempt() + 1 : 1;
  }

  private static Map<String, String> requireDone(String what, String name, JobState end) {
    return switch (end) {
      case JobState.Done done -> done.result();
      case JobState.Failed f ->
          throw new ChrysalisException(
              DAMAGE.contains(f.code())
                  ? RecoveryErrors.DOES_NOT_RESTORE
                  : PlatformErrors.JOB_FAILED,
              "%s failed with %s: %s".formatted(what, f.code(), f.message()),
              f.hint() + "; then drop it and begin again: chrysalis restore --drop " + name);
      case JobState.Lost _, JobState.Running _, JobState.NotStarted _ ->
          throw new ChrysalisException(
              PlatformErrors.JOB_UNKNOWN,
              what + " was cut off",
              "give the same command again: it goes on");
    };
  }

  private void awaitTarget(MemberId member, Lsn target, Consumer<JobEvent> seen) {
    seen.accept(new JobEvent.Note("starting the server, which replays to " + target));
    long until = ticker.nanos() + PATIENCE.toNanos();
    while (ticker.nanos() < until) {
      Map<String, String> status = agents.status(member);
      if (standsAt(status, target)) {
        return;
      }
      refuseCrashing(member);
      pause();
    }
    throw new ChrysalisException(
        PlatformErrors.JOB_UNKNOWN,
        member + " did not reach " + target + " in " + PATIENCE.toHours() + " h",
        "see its log, or drop it: chrysalis restore --drop " + member.workload());
  }

  private static boolean standsAt(Map<String, String> status, Lsn target) {
    return "standby".equals(status.get("role"))
        && "true".equals(status.get("replayPaused"))
        && Lsn.parse(status.getOrDefault("replayed", "0/0")).compareTo(target) > 0;
  }

  private void refuseCrashing(MemberId member) {
    for (Member seen : platform.workload(member.workload()).members()) {
      if (seen.phase() == Member.Phase.CRASH_LOOPING) {
        refuseFull(member);
        throw new ChrysalisException(
            PostgresErrors.RECOVERY_STOPPED,
            member + " does not start: " + seen.lastExit(),
            String.join(" | ", platform.logs(member, "", 3)));
      }
    }
  }

  /// A server that stops on a full volume says nothing about what it was restored from.
  private void refuseFull(MemberId member) {
    long free = platform.volume(member).freeBytes();
    if (free < LEAST_ROOM) {
      throw new ChrysalisException(
          PostgresErrors.NO_ROOM,
          "%s does not start: %d MB are free for it".formatted(member, free >> 20),
          "make room, then drop it and begin again: chrysalis restore --drop " + member.workload());
    }
  }

  private Copy view(Workload workload) {
    Map<String, String> chosen = workload.environment();
    MemberId member = new MemberId(workload.name(), 0);
    String target = chosen.getOrDefault(TARGET, "");
    String phase =
        workload.members().stream().map(m -> m.phase().toString()).findFirst().orElse("");
    boolean readable = standsAt(agents.status(member), Lsn.parse(target));
    return new Copy(
        workload.name(),
        workload.members().stream().map(Member::address).findFirst().orElse(""),
        store.port(),
        readable ? "readable" : phase.toLowerCase(Locale.ROOT),
        chosen.getOrDefault(SNAPSHOT, ""),
        Integer.parseInt(chosen.getOrDefault(TIMELINE, "0")),
        target,
        chosen.getOrDefault(COMMIT, ""));
  }

  private void pause() {
    try {
      ticker.pause(PACE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChrysalisException(
          PostgresErrors.INTERRUPTED,
          "interrupted while the copy replays",
          "give the same command again: it goes on",
          e);
    }
  }
}
