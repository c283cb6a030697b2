package dev.chrysalis.recovery;

import dev.chrysalis.engine.Holder;
import dev.chrysalis.engine.Lease;
import dev.chrysalis.engine.Leases;
import dev.chrysalis.engine.Ticker;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.ProofQuery;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.platform.job.Jobs;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.control.PostgresAgents;
import dev.chrysalis.postgres.control.WalInVault;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

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
    CopyOrigin origin =
        there
            .map(CopyOrigin::of)
            .orElseGet(() -> settled(aim, wal.choose(aim.goal(), aim.timeline(), reading)));
    return restore(name, origin, holder, seen);
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

  private Copy restore(String name, CopyOrigin origin, Holder holder, Consumer<JobEvent> seen) {
    MemberId member = new MemberId(name, 0);
    CopyAgent agent = new CopyAgent(member, jobs);
    try (Lease lease = leases.acquire(stack.name(), holder, WAIT_FOR_LEASE)) {
      platform.createScratch(lease.token(), store.workload(), name, origin.environment());
      agent.startRestore(lease.token(), origin);
    }
    agent.awaitRestored(seen);
    try (Lease lease = leases.acquire(stack.name(), holder, WAIT_FOR_LEASE)) {
      agent.startFeed(lease.token(), origin);
      platform.unfence(lease.token(), member);
    }
    Lsn target = origin.lastRecord();
    seen.accept(new JobEvent.Note("starting the server, which replays to " + target));
    server(member).awaitTarget(target);
    return view(platform.workload(name));
  }

  private CopyServer server(MemberId member) {
    return new CopyServer(member, platform, agents, ticker);
  }

  /// Reads all that a readable copy holds, and asks it. Returns what was found, by the names of the
  /// agent's `postgres examine`.
  public Map<String, String> examine(
      String name, List<ProofQuery> queries, Holder holder, Consumer<JobEvent> seen) {
    CopyAgent agent = new CopyAgent(new MemberId(checked(name), 0), jobs);
    try (Lease lease = leases.acquire(stack.name(), holder, WAIT_FOR_LEASE)) {
      agent.startExamination(lease.token(), queries);
    }
    return agent.awaitExamined(seen);
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
    CopyOrigin begun = CopyOrigin.of(copy);
    if (!begun.isFor(aim)) {
      throw new ChrysalisException(
          RecoveryErrors.BAD_COPY_NAME,
          "there is a copy %s already, of %s and not of %s"
              .formatted(copy.name(), begun.aim(), CopyOrigin.words(aim)),
          "nothing was made; choose another name, or drop it first: chrysalis restore --drop "
              + copy.name());
    }
  }

  private boolean isCopy(Workload workload) {
    return store.workload().equals(workload.environment().get(Platform.SCRATCH_OF))
        && CopyOrigin.isOf(workload);
  }

  private CopyOrigin settled(RestoreAim aim, WalInVault.Chosen chosen) {
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
    return CopyOrigin.of(aim, chosen);
  }

  private Copy view(Workload workload) {
    CopyOrigin origin = CopyOrigin.of(workload);
    String phase =
        workload.members().stream().map(m -> m.phase().toString()).findFirst().orElse("");
    boolean readable = server(new MemberId(workload.name(), 0)).standsAt(origin.lastRecord());
    return new Copy(
        workload.name(),
        workload.members().stream().map(Member::address).findFirst().orElse(""),
        store.port(),
        readable ? "readable" : phase.toLowerCase(Locale.ROOT),
        origin.snapshot(),
        origin.timeline().isEmpty() ? 0 : Integer.parseInt(origin.timeline()),
        origin.target(),
        origin.commit());
  }
}
