package dev.chrysalis.postgres.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Fencing;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.postgres.Lsn;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A primary, a standby and a service that writes to them, on a `FakePlatform`, with agents. A data
/// directory is a few words in the member's volume, so that it is set aside and given back like
/// one. What must never happen is watched at every change and kept in `violations`.
///
/// Everything is guarded by the platform's monitor.
final class FakePostgresPair {
  static final MemberId FIRST = new MemberId("postgres", 0);
  static final MemberId SECOND = new MemberId("postgres", 1);
  static final String VARIABLE = "POSTGRES_HOST";
  static final String SERVICE = "perception";
  private static final Lsn PRIMARY_END = Lsn.parse("0/5000100");
  private static final Lsn STANDBY_END = Lsn.parse("0/5000060");

  /// Old data weighs this much, nothing else does.
  private static final int OLD_DATA = 10_000;

  private final FakePlatform platform;
  private final FakeWalInVault vault = new FakeWalInVault();
  private final FakePostgresAgents agents;
  private final List<String> violations = new ArrayList<>();
  private final List<MemberId> damaged = new ArrayList<>();
  private final FakeInPlace inPlace;

  /// How often the first member's server says yet that it replays its log.
  private int replaying;

  FakePostgresPair(Clock clock) {
    platform =
        new FakePlatform(clock)
            .with("postgres", Workload.Kind.STATEFUL_SET, 2, 2, true)
            .with(SERVICE, Workload.Kind.DEPLOYMENT, 2, 4, false);
    data(FIRST).putAll(cluster("primary", PRIMARY_END));
    data(SECOND).putAll(cluster("standby", STANDBY_END));
    data(SECOND).put("primary-host", addressOf(FIRST));
    int _ = platform.configure(new Token(1), SERVICE, Map.of(VARIABLE, addressOf(FIRST)));
    agents = new FakePostgresAgents(this, platform);
    inPlace = new FakeInPlace(this, platform);
    platform.withAgent(agents::run);
    platform.afterCall(this::watch);
  }

  FakePlatform platform() {
    return platform;
  }

  FakeWalInVault vault() {
    return vault;
  }

  FakePostgresAgents agents() {
    return agents;
  }

  List<String> violations() {
    synchronized (platform) {
      return List.copyOf(violations);
    }
  }

  void violated(String rule) {
    violations.add(rule);
  }

  /// The platform's changes so far, without what agents were asked.
  List<String> changes() {
    return platform.calls().stream().filter(c -> !c.startsWith("exec ")).toList();
  }

  /// The member's data is of no use any more, yet there: whoever replaces it has to keep it.
  void damage(MemberId member) {
    synchronized (platform) {
      data(member).clear();
      data(member).put("damaged", "x".repeat(OLD_DATA));
      damaged.add(member);
    }
  }

  /// The member goes on serving wrong values: whoever brings older ones back has to keep these.
  void corrupt(MemberId member) {
    synchronized (platform) {
      data(member).put("damaged", "x".repeat(OLD_DATA));
      damaged.add(member);
    }
  }

  /// What is old in its volume is written over for good, as the plan said.
  void givesUp(MemberId member) {
    damaged.remove(member);
  }

  /// The first member's server crashed, and has much of its log to replay.
  void crash() {
    synchronized (platform) {
      replaying = 20;
      platform.slow(FIRST, true);
      platform.kill(FIRST);
    }
  }

  void lose(MemberId member) {
    platform.loseVolume(member);
    platform.kill(member);
  }

  Map<String, String> data(MemberId member) {
    return platform.files(member);
  }

  boolean isUp(MemberId member) {
    Map<String, String> data = data(member);
    return data.containsKey("role")
        && member(member).filter(m -> m.ready() && m.phase() == Member.Phase.RUNNING).isPresent();
  }

  boolean takesWrites(MemberId member) {
    return isUp(member) && "primary".equals(data(member).get("role"));
  }

  Optional<MemberId> writer() {
    return Stream.of(FIRST, SECOND).filter(this::takesWrites).findFirst();
  }

  /// Whether it follows the primary now; if so, it has what that one has.
  boolean streams(MemberId member) {
    Map<String, String> data = data(member);
    Optional<MemberId> from =
        writer()
            .filter(w -> addressOf(w).equals(data.get("primary-host")))
            .filter(w -> !w.equals(member));
    if (from.isEmpty() || !isUp(member) || !"standby".equals(data.get("role"))) {
      return false;
    }
    for (String key : List.of("timeline", "position")) {
      data.put(key, Objects.requireNonNull(data(from.get()).get(key)));
    }
    return true;
  }

  /// What `MemberStatus` says, as far as a controller reads it.
  Map<String, String> status(MemberId member) {
    Map<String, String> data = data(member);
    Map<String, String> status = new TreeMap<>();
    status.put("data", dataState(data));
    if (data.containsKey("role")) {
      status.put("data.systemIdentifier", data.getOrDefault("system", FakeWalInVault.SYSTEM));
      status.put("data.majorVersion", "17");
    }
    Stream.of("restoring", "restored")
        .filter(data::containsKey)
        .forEach(key -> status.put("data.restoredBy", data.getOrDefault(key, "")));
    if (!isUp(member)) {
      status.put("server", "down");
      status.put("server.code", "CHR-5001");
      if (member.equals(FIRST) && replaying > 0) {
        status.put("server.starting", "true");
        replaying--;
        platform.slow(FIRST, replaying > 0);
      }
      return status;
    }
    boolean streams = streams(member);
    boolean primary = takesWrites(member);
    Lsn position = position(member);
    status.put("server", "up");
    status.put("role", primary ? "primary" : "standby");
    status.put("systemIdentifier", FakeWalInVault.SYSTEM);
    status.put("timeline", data.getOrDefault("timeline", ""));
    status.put("written", position.toString());
    status.put("replayed", position.toString());
    status.put("replayPaused", Boolean.toString(isAtTarget(member)));
    status.put("data.standbySignal", Boolean.toString("standby".equals(data.get("role"))));
    if (streams) {
      status.put("receiver.status", "streaming");
    }
    return status;
  }

  Lsn position(MemberId member) {
    return Lsn.parse(data(member).getOrDefault("position", "0/0"));
  }

  boolean isAtTarget(MemberId member) {
    String target = data(member).get("target");
    return "recovering".equals(data(member).get("role"))
        && target != null
        && position(member).compareTo(Lsn.parse(target)) > 0;
  }

  /// The member leaves its timeline and takes writes.
  void becomePrimary(MemberId member) {
    Map<String, String> data = data(member);
    int timeline = Integer.parseInt(data.getOrDefault("timeline", "0"));
    MemberId other = member.equals(FIRST) ? SECOND : FIRST;
    if (!(platform.fencing(other) instanceof Fencing.Proven)) {
      violated(member + " takes writes while " + other + " is not proven to be fenced");
    }
    data.put("role", "primary");
    data.put("timeline", Integer.toString(timeline + 1));
    data.remove("primary-host");
    data.remove("target");
    watch("promotion of " + member);
  }

  String addressOf(MemberId member) {
    return member(member).map(Member::address).orElse("");
  }

  Workload service() {
    return platform.workload(SERVICE);
  }

  /// What is old and of no use must be there for ever: in its place or aside.
  boolean keptOldData() {
    return damaged.stream()
        .allMatch(m ->
            data(m).containsKey("damaged")
                || data(m).containsKey("undo.damaged")
                || platform.asides("postgres").stream()
                    .anyMatch(a -> a.member().equals(m) && a.bytes() >= OLD_DATA));
  }

  private void watch(String call) {
    synchronized (platform) {
      Stream.of(FIRST, SECOND).filter(this::isUp).forEach(inPlace::serverStarted);
      if (takesWrites(FIRST) && takesWrites(SECOND)) {
        violated("two members take writes after " + call);
      }
      if (replaying > 0 && call.equals("restart-member " + FIRST)) {
        violated("a server that replays its log is killed");
      }
      if (!keptOldData()) {
        violated("old data was dropped by " + call);
      }
      String host = service().environment().getOrDefault(VARIABLE, "");
      if (call.equals("configure " + SERVICE)
          && writer().filter(w -> addressOf(w).equals(host)).isEmpty()) {
        violated("clients are pointed at " + host + ", which takes no writes");
      }
    }
  }

  private Optional<Member> member(MemberId member) {
    return platform.workload(member.workload()).members().stream()
        .filter(m -> m.id().equals(member))
        .findFirst();
  }

  private static String dataState(Map<String, String> data) {
    if (data.isEmpty()) {
      return "empty";
    }
    if (data.containsKey("restoring")) {
      return "half-restored";
    }
    return data.containsKey("role") ? "initialised" : "damaged";
  }

  static Map<String, String> cluster(String role, Lsn position) {
    Map<String, String> data = new LinkedHashMap<>();
    data.put("role", role);
    data.put("timeline", "1");
    data.put("position", position.toString());
    return data;
  }
}
