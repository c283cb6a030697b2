package dev.chrysalis.redis.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Volume;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// One server as seen from outside: what the platform says of it, and what its agent says of the
/// server and its files.
///
/// @param status the agent's answer (`ServerStatus`), `agent.error` where no agent answered
public record MemberView(Member observed, Volume volume, Map<String, String> status) {
  /// How long a replica may be without its master before that is trouble: a failover takes less.
  private static final long CALM_SECONDS = 10;

  /// How long Sentinels may take to make a replica of a former master: they watch it for ten
  /// seconds first, and tell each other.
  private static final long FRESH_SECONDS = 30;

  public MemberView {
    status = Map.copyOf(status);
  }

  public MemberId id() {
    return observed.id();
  }

  /// What the member is good for.
  public Condition condition() {
    return switch (status.getOrDefault("server", "unknown")) {
      case "up" -> serving();
      case "loading" -> Condition.LOADING;
      case "down" -> byFiles();
      // No server can be on a volume that is not there, whatever the agent says.
      default -> volumeLost() ? Condition.DATA_LOST : Condition.UNKNOWN;
    };
  }

  private Condition serving() {
    if (!"master".equals(status.get("role"))) {
      return Condition.SERVING_REPLICA;
    }
    return keys().orElse(-1) == 0 ? Condition.EMPTY_MASTER : Condition.SERVING_MASTER;
  }

  private Condition byFiles() {
    if (volumeLost()) {
      return Condition.DATA_LOST;
    }
    return switch (status.getOrDefault("data", "unknown")) {
      case "present" -> Condition.DOWN_INTACT;
      case "empty", "missing", "ignored", "half-restored" -> Condition.DATA_LOST;
      default -> Condition.UNKNOWN;
    };
  }

  private boolean volumeLost() {
    return volume.state() == Volume.State.MISSING || volume.empty();
  }

  /// Whether its server answers and has its data loaded.
  public boolean answers() {
    return "up".equals(status.get("server"));
  }

  /// Whether it answers as a master, with keys or without.
  public boolean leads() {
    return answers() && "master".equals(status.get("role"));
  }

  /// Whether it answers as a replica.
  public boolean replica() {
    return answers() && "replica".equals(status.get("role"));
  }

  /// How many keys it has, all databases together, where it answers.
  public OptionalLong keys() {
    return number("keys");
  }

  /// Whether it is down and its files hold keys, as far as that can be told without loading them.
  public boolean keepsKeys() {
    return condition() == Condition.DOWN_INTACT && !"none".equals(status.get("data.keys"));
  }

  /// The end of the replication stream that it has: written as a master, received as a replica.
  public OptionalLong position() {
    return number("replicationOffset");
  }

  /// The name of that stream; positions of different streams cannot be compared.
  public Optional<String> replicationId() {
    return Optional.ofNullable(status.get("replicationId"));
  }

  public Optional<String> runId() {
    return Optional.ofNullable(status.get("runId"));
  }

  /// Sentinel's order among replicas: the lowest first; 0 never leads.
  public long priority() {
    return number("replica.priority").orElse(100);
  }

  /// Where a replica's master is, as the replica calls it.
  public Optional<Address> master() {
    return Address.parse(status.get("master.host") + ":" + status.get("master.port"));
  }

  /// What its configuration on the volume makes of it at its next start: the master that it will
  /// follow; empty for a master, or where that is not known.
  public Optional<Address> configuredMaster() {
    return Address.parse(confRole().replaceFirst("^replica of (\\S+) (\\S+)$", "$1:$2"));
  }

  /// Whether its configuration on the volume makes a master of it.
  public boolean configuredToLead() {
    return confRole().equals("master");
  }

  private String confRole() {
    return status.getOrDefault("conf.role", "");
  }

  /// Whether this server is found at that address.
  public boolean isAt(Address address) {
    OptionalLong port = number("port");
    return (port.isEmpty() || port.getAsLong() == address.port())
        && hosts().anyMatch(address.host()::equals);
  }

  /// Under which address others can reach it.
  public Optional<Address> address() {
    OptionalLong port = number("port");
    return port.isEmpty()
        ? Optional.empty()
        : Address.parse(observed.address() + ":" + port.getAsLong());
  }

  private Stream<String> hosts() {
    return Stream.concat(Stream.of(observed.address()), list("addresses"));
  }

  /// Whether it is that master's replica, whether the link between them stands or not.
  public boolean follows(MemberView leader) {
    return replica()
        && (master().filter(leader::isAt).isPresent()
            || list("master.addresses")
                .flatMap(h -> Address.parse(h + ":" + status.get("master.port")).stream())
                .anyMatch(leader::isAt)
            || leader.lists(this));
  }

  private boolean lists(MemberView replica) {
    return IntStream.iterate(0, n -> status.containsKey("replica." + n), n -> n + 1)
        .mapToObj(n -> status.get("replica." + n))
        .flatMap(line -> Address.parse(line.split(",", -1)[0]).stream())
        .anyMatch(replica::isAt);
  }

  /// Whether its link to its master stands.
  public boolean linked() {
    return "up".equals(status.get("master.link"));
  }

  /// Whether it gets its master's writes, copies the master's data just now, or has been without
  /// either for so short a time that nothing follows from it.
  public boolean keepsUp() {
    return linked()
        || "true".equals(status.get("master.syncing"))
        || number("master.linkDownSeconds").orElse(number("uptimeSeconds").orElse(CALM_SECONDS))
            < CALM_SECONDS;
  }

  /// Whether its server was started as a master by its file, so lately that Sentinels may not have
  /// seen to it yet.
  boolean cameUpToLead() {
    return number("uptimeSeconds").orElse(FRESH_SECONDS) < FRESH_SECONDS && configuredToLead();
  }

  /// How long its link has been down, where it is and it says so.
  public Optional<Duration> withoutMaster() {
    OptionalLong seconds = number("master.linkDownSeconds");
    return seconds.isPresent()
        ? Optional.of(Duration.ofSeconds(seconds.getAsLong()))
        : Optional.empty();
  }

  /// Why this replica is not fit to lead; empty where it is.
  public Optional<String> unfit() {
    if (!replica()) {
      return Optional.of(
          condition() == Condition.LOADING
              ? "it still loads its data"
              : "it is no running replica");
    }
    if (priority() == 0) {
      return Optional.of("its replica-priority is 0: the owner wants it never to lead");
    }
    return keys().orElse(0) == 0 ? Optional.of("it has no keys") : Optional.empty();
  }

  /// What keeps it from writing its data to disk; empty where nothing does.
  public Optional<String> persistenceTrouble() {
    return Stream.of("aof.lastWrite", "rdb.lastSaveStatus", "aof.lastRewrite")
        .filter(key -> "err".equals(status.get(key)))
        .findFirst();
  }

  /// Whether it refuses writes for that.
  public boolean refusesWrites() {
    return "err".equals(status.get("aof.lastWrite"))
        || ("err".equals(status.get("rdb.lastSaveStatus"))
            && "yes".equals(status.get("rdb.stopsWrites")));
  }

  /// Whether its memory is used up and it may evict nothing: it refuses writes.
  public boolean outOfMemory() {
    long most = number("memory.max").orElse(0);
    long used = number("memory.used").orElse(0) - number("memory.notCounted").orElse(0);
    return most > 0
        && "noeviction".equals(status.get("memory.policy"))
        // Just below the limit it refuses and takes writes by turns.
        && used >= most - most / 100;
  }

  /// Why nothing is known of it.
  public String whyUnknown() {
    return Stream.of("agent.error", "server.error", "data.why")
        .flatMap(key -> Optional.ofNullable(status.get(key)).stream())
        .findFirst()
        .orElse("no word from it");
  }

  private OptionalLong number(String key) {
    String text = status.getOrDefault(key, "");
    return text.matches("-?\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(text))
        : OptionalLong.empty();
  }

  private Stream<String> list(String key) {
    return Arrays.stream(status.getOrDefault(key, "").split(",", -1)).filter(s -> !s.isEmpty());
  }

  /// What a member is good for.
  public enum Condition {
    SERVING_MASTER,
    /// It answers as a master and has no key: new, or a trap for all that follow it.
    EMPTY_MASTER,
    SERVING_REPLICA,
    /// It runs, and answers nothing before its data is loaded.
    LOADING,
    /// Its server does not answer, its files are whole.
    DOWN_INTACT,
    DATA_LOST,
    UNKNOWN
  }
}
