package dev.chrysalis.cassandra.control;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Volume;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// One node as seen from outside: what the platform says of it, and what its agent says of the
/// server and its files.
///
/// @param status the agent's answer (`NodeStatus`), `agent.error` where no agent answered
public record MemberView(Member observed, Volume volume, Map<String, String> status) {
  /// With less than that a node soon writes nothing any more.
  private static final long FULL_BYTES = 64L << 20;

  /// From when a plan is made until the others hear a node again: it may be read first, and the
  /// node has to read its log.
  private static final Duration COMES_BACK_WITHIN = Duration.ofMinutes(30);

  public MemberView {
    status = Map.copyOf(status);
  }

  public MemberId id() {
    return observed.id();
  }

  /// What the node is good for.
  public Condition condition() {
    return switch (status.getOrDefault("server", "unknown")) {
      case "up" -> running();
      case "down" -> byFiles();
      // No server can be on a volume that is not there, whatever the agent says.
      default -> volumeLost() ? Condition.DATA_LOST : Condition.UNKNOWN;
    };
  }

  private Condition running() {
    return switch (status.getOrDefault("mode", "")) {
      case "NORMAL" -> normal();
      case "MOVING", "LEAVING" -> Condition.SERVING;
      case "STARTING", "JOINING" -> Condition.JOINING;
      case "DRAINING", "DRAINED" -> drained();
      case "JOINING_FAILED" -> Condition.CUT_OFF;
      default -> Condition.UNKNOWN;
    };
  }

  /// So is one, too, that the ring has refused, until its process has ended.
  private Condition drained() {
    return byFiles() == Condition.DATA_LOST ? Condition.DATA_LOST : Condition.CUT_OFF;
  }

  /// One that has just started takes clients a moment after it speaks with the others.
  private Condition normal() {
    if (!"yes".equals(status.get("gossip"))) {
      return Condition.CUT_OFF;
    }
    return "yes".equals(status.get("clients")) ? Condition.SERVING : Condition.JOINING;
  }

  private Condition byFiles() {
    if (volumeLost()) {
      return Condition.DATA_LOST;
    }
    return switch (status.getOrDefault("data", "unknown")) {
      case "present" -> Condition.DOWN_INTACT;
      case "empty", "missing", "unjoined", "half-restored" -> Condition.DATA_LOST;
      default -> Condition.UNKNOWN;
    };
  }

  private boolean volumeLost() {
    return volume.state() == Volume.State.MISSING || volume.empty();
  }

  public boolean serves() {
    return condition() == Condition.SERVING;
  }

  /// Its name in the ring, where it answers, and has come so far as to know it.
  public Optional<String> hostId() {
    return Optional.ofNullable(status.get("hostId")).filter(id -> !id.isEmpty());
  }

  /// Under which address the others know it: as it says itself (`broadcast_address`), else as far
  /// as the platform can tell.
  public String address() {
    return hostId()
        .flatMap(own -> peers().stream().filter(p -> p.hostId().equals(own)).findFirst())
        .map(Peer::address)
        .orElse(observed.address());
  }

  public Optional<String> schema() {
    return Optional.ofNullable(status.get("schema"));
  }

  /// The nodes of the ring as it sees them, itself among them.
  public List<Peer> peers() {
    return listed("ring.").flatMap(line -> Peer.parse(line).stream()).toList();
  }

  /// Whether it starts as a new node, and has not got so far as to copy data.
  boolean isNewAndStarting() {
    return "STARTING".equals(status.get("mode")) && isNew();
  }

  /// Whether it is on its way, and has no data of before.
  boolean comesUpNew() {
    return condition() == Condition.JOINING && isNew();
  }

  private boolean isNew() {
    return List.of("empty", "unjoined", "missing").contains(status.getOrDefault("data", ""));
  }

  /// Whether it hears a node and takes it for a whole member of the ring.
  public boolean hears(String address) {
    return peers().stream().anyMatch(p -> p.address().equals(address) && p.up() && p.normal());
  }

  /// The keyspaces with ranges of which it hears too few replicas for a quorum.
  public List<String> withoutQuorum() {
    return Arrays.stream(status.getOrDefault("quorum.lost", "").split(",", -1))
        .filter(s -> !s.isEmpty())
        .toList();
  }

  /// Whether it keeps no hints any more for a node that it misses, or soon will not: what that one
  /// misses then, only a repair brings back.
  public boolean dropsHintsFor(String address) {
    Duration kept = keptFor(hintsWindow().orElse(Duration.ZERO));
    return downtime(address).filter(down -> down.compareTo(kept) >= 0).isPresent();
  }

  /// For how long a node may have been away and be back in time for its hints.
  ///
  /// @param window for how long they are kept
  static Duration keptFor(Duration window) {
    Duration half = window.dividedBy(2);
    return window.minus(half.compareTo(COMES_BACK_WITHIN) < 0 ? half : COMES_BACK_WITHIN);
  }

  /// For how long it keeps hints for a node that is down; empty where it does not answer.
  Optional<Duration> hintsWindow() {
    return number("hints.window").stream().mapToObj(Duration::ofSeconds).findFirst();
  }

  /// When its server wrote to its log last, while its data is there: about until then it ran.
  Optional<Instant> ranUntil() {
    return condition() == Condition.DATA_LOST
        ? Optional.empty()
        : number("log.written").stream().mapToObj(Instant::ofEpochSecond).findFirst();
  }

  private Optional<Duration> downtime(String address) {
    return seconds("downtime.", address).map(Duration::ofSeconds);
  }

  /// Until when another node was away, of those that came back after this one had ceased to keep
  /// hints for it.
  Optional<Instant> keptNoHintsUntil(String otherHostId) {
    return seconds("unhinted.", otherHostId).map(Instant::ofEpochSecond);
  }

  /// When the last repair of all that it holds began.
  Optional<Instant> repaired() {
    return number("repaired").stream().mapToObj(Instant::ofEpochSecond).findFirst();
  }

  private Optional<Long> seconds(String prefix, String name) {
    return listed(prefix)
        .map(line -> line.split(" ", 2))
        .filter(words -> words.length == 2 && words[0].equals(name))
        .filter(words -> words[1].matches("\\d{1,12}"))
        .map(words -> Long.parseLong(words[1]))
        .findFirst();
  }

  /// Whether it is to copy its data from others.
  boolean isCopying() {
    return "JOINING".equals(status.get("mode"));
  }

  /// How many streams of data are under way with it.
  public long streams() {
    return number("streams").orElse(0);
  }

  /// Whether its disk has next to no room.
  public boolean diskFull() {
    return number("data.free").orElse(Long.MAX_VALUE) < FULL_BYTES;
  }

  /// Why nothing is known of it.
  public String whyUnknown() {
    return Stream.of("agent.error", "server.error", "mode")
        .flatMap(key -> Optional.ofNullable(status.get(key)).stream())
        .findFirst()
        .orElse("no word from it");
  }

  private Stream<String> listed(String prefix) {
    return IntStream.iterate(0, i -> status.containsKey(prefix + i), i -> i + 1)
        .mapToObj(i -> status.getOrDefault(prefix + i, ""));
  }

  private OptionalLong number(String key) {
    String text = status.getOrDefault(key, "");
    return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }

  /// A node of the ring as another sees it.
  ///
  /// @param state `normal`, `joining`, `leaving` or `moving`
  public record Peer(String hostId, String address, boolean up, String state) {
    static Optional<Peer> parse(String line) {
      String[] words = line.split(" ", -1);
      return words.length == 4
          ? Optional.of(new Peer(words[0], words[1], words[2].equals("up"), words[3]))
          : Optional.empty();
    }

    boolean normal() {
      return !state.equals("joining");
    }
  }

  /// What a node is good for.
  public enum Condition {
    SERVING,
    /// It runs, and has stopped to speak with others, as on a disk that it cannot trust, or to copy
    /// its data from them.
    CUT_OFF,
    /// It runs, and is not yet what it will be: it replays its log, or copies data from others.
    JOINING,
    /// Its server does not answer, its files are there.
    DOWN_INTACT,
    DATA_LOST,
    UNKNOWN
  }
}
