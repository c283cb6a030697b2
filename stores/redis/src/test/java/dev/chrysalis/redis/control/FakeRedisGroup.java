package dev.chrysalis.redis.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.FakePlatform;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.platform.job.JobEvent;
import dev.chrysalis.workloads.FakeAgents;
import dev.chrysalis.workloads.FakeJob;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A master, two replicas, three Sentinels and two services on a `FakePlatform`, with agents. What
/// a server has lies as a few words in its volume, so that it is set aside and given back like
/// data; one that starts on an empty volume is what its template says: the first a master without a
/// key, the others its replicas. What must never happen is watched at every change.
///
/// Everything is guarded by the platform's monitor.
final class FakeRedisGroup implements FakeAgents.Near {
  static final List<MemberId> SERVERS = members("redis");
  static final List<MemberId> SENTINELS = members("redis-sentinel");
  static final MemberId FIRST = SERVERS.get(0);
  static final MemberId SECOND = SERVERS.get(1);
  static final MemberId THIRD = SERVERS.get(2);
  static final String POINTED = "perception";
  static final String ASKING = "odyssey";
  static final String VARIABLE = "REDIS_HOST";
  private static final long OLD_DATA = 10_000;

  private final FakePlatform platform;
  private final FakeRestorePoints vault;
  private final FakeRedisTasks tasks = new FakeRedisTasks(this);
  private final FakeAgents agents;
  private final List<String> violations = new ArrayList<>();
  private final List<MemberId> keep = new ArrayList<>();
  private int votesAfter = Integer.MAX_VALUE;
  private int looks;
  private int streams;
  private int epochs;

  FakeRedisGroup(Clock clock) {
    platform =
        new FakePlatform(clock)
            .with("redis", Workload.Kind.STATEFUL_SET, 3, 3, true)
            .with("redis-sentinel", Workload.Kind.STATEFUL_SET, 3, 3, true)
            .with(POINTED, Workload.Kind.DEPLOYMENT, 2, 4, false)
            .with(ASKING, Workload.Kind.DEPLOYMENT, 1, 4, false);
    vault = new FakeRestorePoints(clock);
    serves(FIRST, "master", 1010);
    serves(SECOND, address(FIRST), 1010);
    serves(THIRD, address(FIRST), 1010);
    int _ = platform.configure(new Token(1), POINTED, Map.of(VARIABLE, "127.0.0.1"));
    agents = new FakeAgents(platform, this);
    platform.withAgent(agents::run);
    platform.afterCall(this::watch);
    SENTINELS.forEach(s -> platform.files(s).put("master", address(FIRST)));
  }

  private static List<MemberId> members(String workload) {
    return IntStream.range(0, 3).mapToObj(n -> new MemberId(workload, n)).toList();
  }

  private void serves(MemberId member, String role, long offset) {
    Map<String, String> data = platform.files(member);
    data.put("role", role);
    data.put("keys", "100");
    data.put("stream", "stream-0");
    data.put("offset", Long.toString(offset));
  }

  FakePlatform platform() {
    return platform;
  }

  FakeRestorePoints vault() {
    return vault;
  }

  FakeAgents agents() {
    return agents;
  }

  FakeRedisTasks tasks() {
    return tasks;
  }

  List<String> violations() {
    synchronized (platform) {
      return List.copyOf(violations);
    }
  }

  /// The Sentinels fail over by themselves once they have been asked so often while the master was
  /// down.
  void voteAfter(int many) {
    votesAfter = many;
  }

  /// The replicas stand where they are, the second one 10 bytes behind the first.
  void masterHangs() {
    synchronized (platform) {
      data(THIRD).put("offset", "1000");
      platform.hang(FIRST);
    }
  }

  void lose(MemberId member) {
    platform.loseVolume(member);
    platform.kill(member);
  }

  /// The member came back on an empty volume: a master without a key.
  void emptied(MemberId member) {
    synchronized (platform) {
      data(member).clear();
    }
  }

  /// The member's data is of no use any more, yet there: whoever replaces it has to keep it.
  void damage(MemberId member) {
    synchronized (platform) {
      data(member).clear();
      data(member).put("damaged", "x".repeat((int) OLD_DATA));
      keep.add(member);
      platform.hang(member);
    }
  }

  /// The member goes on serving wrong values: whoever brings older ones back has to keep these.
  void corrupt(MemberId member) {
    synchronized (platform) {
      data(member).put("damaged", "x".repeat((int) OLD_DATA));
      keep.add(member);
    }
  }

  Map<String, String> data(MemberId member) {
    return platform.files(member);
  }

  String address(MemberId member) {
    return "127.0.0." + (member.ordinal() + 1) + ":6379";
  }

  boolean isUp(MemberId member) {
    return platform.workload(member.workload()).members().stream()
        .anyMatch(m -> m.id().equals(member) && m.ready() && m.phase() == Member.Phase.RUNNING);
  }

  boolean leads(MemberId member) {
    return isUp(member) && "master".equals(data(member).get("role"));
  }

  List<MemberId> leaders() {
    return SERVERS.stream().filter(this::leads).toList();
  }

  long number(MemberId member, String key) {
    return Long.parseLong(data(member).getOrDefault(key, "0"));
  }

  boolean follows(MemberId replica, MemberId master) {
    return isUp(replica) && address(master).equals(data(replica).get("role"));
  }

  Optional<MemberId> named() {
    return SERVERS.stream().filter(server -> naming(server).size() >= 2).findFirst();
  }

  private List<MemberId> naming(MemberId server) {
    return SENTINELS.stream()
        .filter(s -> isUp(s) && address(server).equals(data(s).get("master")))
        .toList();
  }

  /// A server becomes the master, and those that run hear of it.
  void lead(MemberId member) {
    if (number(member, "keys") == 0) {
      violated(member + " leads without a key");
    }
    data(member).put("role", "master");
    data(member).put("stream", "stream-" + ++streams);
  }

  /// The Sentinels make the most advanced replica the master.
  Optional<MemberId> failOver() {
    Optional<MemberId> best =
        SERVERS.stream()
            .filter(s -> isUp(s) && !leads(s) && number(s, "keys") > 0)
            .max(
                Comparator.comparingLong((MemberId s) -> number(s, "offset"))
                    .thenComparing(Comparator.<MemberId>naturalOrder().reversed()));
    best.ifPresent(chosen -> {
      lead(chosen);
      SERVERS.stream()
          .filter(s -> isUp(s) && !s.equals(chosen))
          .forEach(s -> data(s).put("role", address(chosen)));
      String epoch = Integer.toString(++epochs);
      SENTINELS.stream().filter(this::isUp).forEach(s -> hears(s, address(chosen), epoch));
      watch("failover to " + chosen);
    });
    return best;
  }

  private void hears(MemberId sentinel, String master, String epoch) {
    data(sentinel).put("master", master);
    data(sentinel).put("epoch", epoch);
  }

  /// A Sentinel that was away during a failover hears of it from those that were not.
  private void gossip() {
    List<MemberId> up = SENTINELS.stream().filter(this::isUp).toList();
    Optional<MemberId> newest = up.stream().max(Comparator.comparingLong(s -> number(s, "epoch")));
    up.stream()
        .filter(s -> number(s, "epoch") < number(newest.orElse(s), "epoch"))
        .forEach(s -> {
          Map<String, String> told = data(newest.orElse(s));
          hears(s, told.getOrDefault("master", ""), told.getOrDefault("epoch", "0"));
        });
  }

  @Override
  public String store() {
    return "redis";
  }

  @Override
  public Map<String, String> status(MemberId member) {
    settle();
    return member.workload().equals("redis") ? server(member) : sentinel(member);
  }

  @Override
  public Optional<JobEvent> step(MemberId member, FakeJob job) {
    return tasks.step(member, job);
  }

  @Override
  public void violated(String rule) {
    violations.add(rule);
  }

  private Map<String, String> server(MemberId member) {
    Map<String, String> data = data(member);
    Map<String, String> status = new TreeMap<>();
    String role = data.getOrDefault("role", "");
    status.put("port", "6379");
    status.put("data", data.containsKey("keys") ? "present" : "empty");
    status.put(
        "conf.role", role.equals("master") ? "master" : "replica of " + role.replace(':', ' '));
    status.put("data.keys", number(member, "keys") > 0 ? "some" : "none");
    if (!isUp(member)) {
      status.put("server", "down");
      return status;
    }
    status.put("server", "up");
    status.put("aof", "on");
    status.put("keys", data.getOrDefault("keys", "0"));
    status.put("replica.priority", data.getOrDefault("priority", "100"));
    status.put("replicationId", data.getOrDefault("stream", ""));
    status.put("replicationOffset", data.getOrDefault("offset", "0"));
    if (role.equals("master")) {
      status.put("role", "master");
    } else {
      boolean link = SERVERS.stream().anyMatch(s -> leads(s) && address(s).equals(role));
      status.put("role", "replica");
      status.put("master.host", role.substring(0, role.indexOf(':')));
      status.put("master.port", "6379");
      status.put("master.link", link ? "up" : "down");
      status.put("master.linkDownSeconds", link ? "0" : "4");
    }
    return status;
  }

  private Map<String, String> sentinel(MemberId member) {
    if (!isUp(member)) {
      return Map.of("sentinel", "down");
    }
    Map<String, String> status = new TreeMap<>();
    String master = data(member).getOrDefault("master", "");
    boolean up = SERVERS.stream().anyMatch(s -> isUp(s) && address(s).equals(master));
    status.put("sentinel", "up");
    status.put("master.address", master);
    status.put("master.down", up ? "none" : "objective");
    boolean enough = SENTINELS.stream().filter(this::isUp).count() >= 2;
    status.put("ckquorum", enough && !data(member).containsKey("gone") ? "ok" : "NOQUORUM");
    status.put("quorum", data(member).getOrDefault("quorum", "2"));
    status.put("downAfterMillis", "5000");
    status.put("failoverTimeoutMillis", "20000");
    if (!up && ++looks > votesAfter && naming(at(master)).size() >= 2) {
      Optional<MemberId> _ = failOver();
    }
    return status;
  }

  private static MemberId at(String address) {
    return SERVERS.get(address.charAt("127.0.0.".length()) - '1');
  }

  /// What servers and Sentinels do by themselves: start from their templates, copy their master.
  private void settle() {
    SENTINELS.stream()
        .filter(s -> isUp(s) && data(s).isEmpty())
        .forEach(s -> data(s).put("master", address(FIRST)));
    gossip();
    SERVERS.stream()
        .filter(s -> isUp(s) && !data(s).containsKey("role"))
        .forEach(s -> data(s).put("role", s.equals(FIRST) ? "master" : address(FIRST)));
    for (MemberId replica : SERVERS) {
      Stream.of(data(replica).getOrDefault("role", ""))
          .filter(role -> role.contains(":") && isUp(replica))
          .map(FakeRedisGroup::at)
          .filter(this::leads)
          .forEach(master -> copy(master, replica));
    }
  }

  private void copy(MemberId master, MemberId replica) {
    if (number(master, "keys") == 0 && number(replica, "keys") > 0) {
      violated(replica + " lost its data to " + master + ", which has none");
    }
    for (String key : List.of("keys", "stream", "offset")) {
      data(replica).put(key, data(master).getOrDefault(key, "0"));
    }
  }

  private void watch(String call) {
    synchronized (platform) {
      settle();
      if (leaders().size() > 1) {
        violated("two servers take writes after " + call);
      }
      if (!keptOldData()) {
        violated("old data was dropped by " + call);
      }
      String host = platform.workload(POINTED).environment().getOrDefault(VARIABLE, "");
      if (call.equals("configure " + POINTED)
          && leaders().stream().noneMatch(l -> address(l).equals(host + ":6379"))) {
        violated("clients are pointed at " + host + ", which takes no writes");
      }
    }
  }

  /// What is old and of no use must be there for ever: in its place or aside.
  boolean keptOldData() {
    return keep.stream()
        .allMatch(m ->
            data(m).containsKey("damaged")
                || platform.asides("redis").stream()
                    .anyMatch(a -> a.member().equals(m) && a.bytes() >= OLD_DATA));
  }
}
