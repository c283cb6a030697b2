package dev.chrysalis.platform;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.FakeMember.FakeAside;
import dev.chrysalis.platform.FakeMember.FakeFence;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A platform in memory that keeps the contract and reaches every goal at once. Rollouts stop at
/// the first member that does not come up, as real ones do.
///
/// For tests of those who use a platform: `beforeCall` and `afterCall` see each changing call by
/// name (`fence store-0`) and may throw, which is a crash of the caller before or after the act;
/// `calls` tells what was done. State stays, so that a new caller can go on with the same platform.
public final class FakePlatform implements Platform {
  private final Clock clock;
  private final Map<String, FakeWorkload> workloads = new TreeMap<>();
  private final List<PlatformEvent> events = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private Predicate<Map<String, String>> crashesWith = environment -> false;
  private Agent agent = (member, arguments, onLine) -> new ExecOutcome.Exited(0, "");
  private Consumer<String> beforeCall = call -> {};
  private Consumer<String> afterCall = call -> {};
  private long highest;
  private long usedBeside;
  private long free = 1L << 40;

  /// What the agent beside every member does.
  @FunctionalInterface
  public interface Agent {
    ExecOutcome run(MemberId member, List<String> arguments, Consumer<String> onLine);
  }

  public FakePlatform(Clock clock) {
    this.clock = clock;
  }

  /// Adds a workload whose members run at once.
  public synchronized FakePlatform with(
      String name, Workload.Kind kind, int replicas, int most, boolean hasVolume) {
    workloads.put(name, new FakeWorkload(name, kind, replicas, most, hasVolume));
    settle(workloads.get(name));
    return this;
  }

  /// Members whose environment fulfils this crash at once with exit code 3.
  public synchronized FakePlatform crashingWith(Predicate<Map<String, String>> environment) {
    crashesWith = environment;
    return this;
  }

  public synchronized FakePlatform withAgent(Agent does) {
    agent = does;
    return this;
  }

  public synchronized void beforeCall(Consumer<String> hook) {
    beforeCall = hook;
  }

  public synchronized void afterCall(Consumer<String> hook) {
    afterCall = hook;
  }

  /// All changing calls and execs so far that were let in: `scale web`, `exec store-0`.
  public synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /// The member's process dies and is started again.
  public synchronized void kill(MemberId member) {
    FakeMember m = of(member);
    m.lastExit = "signal 9";
    m.restarts++;
    m.running = false;
    event(member.toString(), "Died", "main ended: signal 9");
    settle(workload(member));
  }

  /// The member's process is there and does nothing.
  public synchronized void hang(MemberId member) {
    of(member).hung = true;
  }

  /// Whether the member's process, when it runs, is still about to get ready.
  public synchronized void slow(MemberId member, boolean slow) {
    of(member).slow = slow;
  }

  /// The member's main container prints a line.
  public synchronized void print(MemberId member, String line) {
    of(member).log.add(line);
  }

  /// From now on nobody can tell whether the member runs: fencing it stays `Unknown`.
  public synchronized void hide(MemberId member, boolean hidden) {
    of(member).unprovable = hidden;
  }

  /// How much every volume holds beside its files, and how much can still be written to it.
  public synchronized void room(long beside, long freeBytes) {
    usedBeside = beside;
    free = freeBytes;
  }

  /// Says whether an agent's job holds the member's volume.
  public synchronized void lockVolume(MemberId member, boolean locked) {
    of(member).volumeLocked = locked;
  }

  public synchronized void loseVolume(MemberId member) {
    of(member).volumeThere = false;
    of(member).volume.clear();
  }

  /// The files of the member's volume, which may be changed.
  public synchronized Map<String, String> files(MemberId member) {
    return of(member).volume;
  }

  @Override
  public synchronized List<Workload> workloads() {
    return workloads.values().stream().map(FakeWorkload::observed).toList();
  }

  @Override
  public synchronized Workload workload(String name) {
    return named(name).observed();
  }

  @Override
  public synchronized List<PlatformEvent> events(String workload, int newest) {
    named(workload);
    List<PlatformEvent> all =
        events.stream().filter(e -> e.subject().matches(workload + "(-[0-9]+)?")).toList();
    return List.copyOf(all.subList(Math.max(0, all.size() - newest), all.size()));
  }

  @Override
  public synchronized List<String> logs(MemberId member, String container, int newestLines) {
    boolean isMain = container.isEmpty() || container.equals("main");
    List<String> all = isMain ? of(member).log : List.of();
    return List.copyOf(all.subList(Math.max(0, all.size() - newestLines), all.size()));
  }

  @Override
  public synchronized void scale(Token token, String workload, int replicas) {
    changing(
        token,
        "scale " + workload,
        () -> {
          FakeWorkload w = named(workload);
          if (replicas < 0 || replicas > w.most) {
            throw refusal(PlatformErrors.BAD_SPECIFICATION, "not a number of members");
          }
          w.replicas = replicas;
          settle(w);
        });
  }

  @Override
  public synchronized void restart(Token token, String workload) {
    changing(
        token,
        "restart " + workload,
        () -> {
          FakeWorkload w = named(workload);
          w.members.forEach(m -> m.stop(clock.instant()));
          settle(w);
        });
  }

  @Override
  public synchronized void restartMember(Token token, MemberId member) {
    changing(
        token,
        "restart-member " + member,
        () -> {
          of(member).stop(clock.instant());
          settle(workload(member));
        });
  }

  @Override
  public synchronized void rollback(Token token, String workload, int revision) {
    changing(
        token,
        "rollback " + workload,
        () -> {
          FakeWorkload w = named(workload);
          Map<String, String> old = w.revisions.get(revision);
          if (old == null) {
            throw refusal(PlatformErrors.NO_SUCH_REVISION, "no revision " + revision);
          }
          if (revision != w.revision()) {
            w.revisions.put(w.revision() + 1, old);
          }
          settle(w);
        });
  }

  @Override
  public synchronized int configure(Token token, String workload, Map<String, String> environment) {
    changing(
        token,
        "configure " + workload,
        () -> {
          FakeWorkload w = named(workload);
          var merged = new HashMap<>(w.environment());
          merged.putAll(environment);
          if (!merged.equals(w.environment())) {
            w.revisions.put(w.revision() + 1, Map.copyOf(merged));
          }
          settle(w);
        });
    return named(workload).revision();
  }

  @Override
  public synchronized Fencing fence(Token token, MemberId member, String cause) {
    changing(
        token,
        "fence " + member,
        () -> {
          FakeMember m = of(member);
          m.fence = new FakeFence(token, cause);
          m.stop(clock.instant());
          event(member.toString(), "Fenced", cause + ", token " + token);
        });
    return fencing(member);
  }

  @Override
  public synchronized Fencing fencing(MemberId member) {
    FakeMember m = of(member);
    if (m.unprovable) {
      return new Fencing.Unknown(member + ": its machine does not answer");
    }
    return m.fence == null
        ? new Fencing.NotFenced()
        : new Fencing.Proven(
            member + ": no process left, restart off under token " + m.fence.token());
  }

  @Override
  public synchronized void unfence(Token token, MemberId member) {
    changing(
        token,
        "unfence " + member,
        () -> {
          of(member).fence = null;
          settle(workload(member));
        });
  }

  @Override
  public synchronized Volume volume(MemberId member) {
    FakeMember m = of(member);
    return new Volume(
        m.volumeThere ? Volume.State.PRESENT : Volume.State.MISSING,
        m.volume.isEmpty(),
        bytes(m.volume) + usedBeside,
        free);
  }

  @Override
  public synchronized void setAside(Token token, MemberId member, String aside) {
    changing(
        token,
        "set-aside " + member,
        () -> {
          FakeMember m = unused(member);
          FakeAside before = m.asides.get(aside);
          boolean happened =
              before != null && (before.files() != null || (m.volumeThere && m.volume.isEmpty()));
          if (!happened) {
            m.asides.put(aside, new FakeAside(m.volumeThere ? m.volume : null, clock.instant()));
            m.givenBack.remove(aside);
            m.volume = new TreeMap<>();
            m.volumeThere = true;
            settle(workload(member));
          }
        });
  }

  @Override
  public synchronized void giveBack(Token token, MemberId member, String aside) {
    changing(
        token,
        "give-back " + member,
        () -> {
          FakeMember m = unused(member);
          FakeAside there = m.asides.get(aside);
          if (there != null && there.files() != null) {
            m.asides.remove(aside);
            m.givenBack.add(aside);
            m.volume = there.files();
            m.volumeThere = true;
            settle(workload(member));
          } else if (!m.givenBack.contains(aside)) {
            throw refusal(PlatformErrors.NO_SUCH_ASIDE, "no aside " + aside + " of " + member);
          }
        });
  }

  @Override
  public synchronized void dropAside(Token token, MemberId member, String aside) {
    changing(token, "drop-aside " + member, () -> of(member).asides.remove(aside));
  }

  @Override
  public synchronized void createScratch(
      Token token, String like, String name, Map<String, String> environment) {
    changing(
        token,
        "create-scratch " + name,
        () -> {
          FakeWorkload known = workloads.get(name);
          if (known != null) {
            requireScratch(known, like);
            return;
          }
          if (!named(like).hasVolume) {
            throw badScratch(like + " has no volumes");
          }
          FakeWorkload made = new FakeWorkload(name, Workload.Kind.STATEFUL_SET, 1, 1, true);
          Map<String, String> all = new TreeMap<>(named(like).environment());
          all.putAll(environment);
          all.put(SCRATCH_OF, like);
          made.revisions.put(1, Map.copyOf(all));
          made.members.getFirst().fence = new FakeMember.FakeFence(token, "a scratch of " + like);
          workloads.put(name, made);
        });
  }

  @Override
  public synchronized void removeScratch(Token token, String name) {
    changing(
        token,
        "remove-scratch " + name,
        () -> {
          FakeWorkload known = workloads.get(name);
          if (known != null) {
            requireScratch(known, known.environment().getOrDefault(SCRATCH_OF, ""));
            workloads.remove(name);
          }
        });
  }

  private static void requireScratch(FakeWorkload known, String like) {
    if (like.isEmpty() || !like.equals(known.environment().get(SCRATCH_OF))) {
      throw badScratch(known.name + " is a workload of its own, no scratch");
    }
  }

  private static ChrysalisException badScratch(String message) {
    return new ChrysalisException(
        PlatformErrors.BAD_SPECIFICATION, message, "Choose another name.");
  }

  @Override
  public synchronized List<Aside> asides(String workload) {
    return named(workload).members.stream()
        .flatMap(m ->
            m.asides.entrySet().stream()
                .filter(e -> e.getValue().files() != null)
                .map(e ->
                    new Aside(m.id, e.getKey(), e.getValue().at(), bytes(e.getValue().files()))))
        .sorted(Comparator.comparing(Aside::at))
        .toList();
  }

  /// The agent runs outside of the platform's lock: it may take long and call back.
  @Override
  public ExecOutcome exec(MemberId member, List<String> arguments, Consumer<String> onLine) {
    Agent runs;
    Consumer<String> after;
    String call = "exec " + member;
    synchronized (this) {
      of(member);
      beforeCall.accept(call);
      calls.add(call);
      runs = agent;
      after = afterCall;
    }
    ExecOutcome outcome = runs.run(member, arguments, onLine);
    after.accept(call);
    return outcome;
  }

  @Override
  public void close() {
    // Nothing is held.
  }

  private void changing(Token token, String call, Runnable act) {
    beforeCall.accept(call);
    if (token.value() < highest) {
      throw refusal(
          PlatformErrors.STALE_TOKEN, "token " + token + " is stale: " + highest + " was seen");
    }
    highest = token.value();
    act.run();
    calls.add(call);
    afterCall.accept(call);
  }

  /// Starts and stops members until they are as wanted.
  private void settle(FakeWorkload w) {
    boolean stuck = false;
    for (FakeMember m : w.members.reversed()) {
      boolean wanted = m.id.ordinal() < w.replicas && m.fence == null;
      if (!wanted) {
        m.stop(clock.instant());
      } else if (w.hasVolume && !m.volumeThere) {
        m.running = false;
        event(m.id.toString(), "VolumeMissing", "its volume is gone");
      } else if (!stuck && (!m.running || m.revision != w.revision())) {
        stuck = !comesUp(w, m);
      }
    }
  }

  private boolean comesUp(FakeWorkload w, FakeMember m) {
    m.since = clock.instant();
    event(m.id.toString(), "Started", "revision " + w.revision());
    if (!crashesWith.test(w.environment())) {
      m.start(w.revision());
      return true;
    }
    m.running = false;
    m.looping = true;
    m.restarts += 2;
    m.revision = w.revision();
    m.lastExit = "exit 3";
    event(m.id.toString(), "BackOff", "exit 3");
    return false;
  }

  private FakeMember unused(MemberId member) {
    FakeMember m = of(member);
    if (m.running || m.volumeLocked) {
      throw refusal(PlatformErrors.VOLUME_IN_USE, "the volume of " + member + " is in use");
    }
    return m;
  }

  private FakeMember of(MemberId member) {
    return workload(member).member(member);
  }

  private FakeWorkload workload(MemberId member) {
    return named(member.workload());
  }

  private FakeWorkload named(String name) {
    FakeWorkload found = workloads.get(name);
    if (found == null) {
      throw refusal(
          PlatformErrors.NO_SUCH_WORKLOAD,
          "no workload "
              + name
              + " in "
              + workloads.keySet().stream().collect(Collectors.joining(", ")));
    }
    return found;
  }

  private void event(String subject, String reason, String message) {
    events.add(new PlatformEvent(clock.instant(), subject, reason, message));
  }

  private static long bytes(@Nullable Map<String, String> files) {
    return files == null ? 0 : files.values().stream().mapToLong(String::length).sum();
  }

  private static ChrysalisException refusal(ErrorCode code, String message) {
    return new ChrysalisException(code, message, "This platform is a fake.");
  }
}
