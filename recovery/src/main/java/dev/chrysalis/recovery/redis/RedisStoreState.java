package dev.chrysalis.recovery.redis;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.chrysalis.model.Finding;
import dev.chrysalis.model.Finding.Severity;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.recovery.store.StoreState;
import dev.chrysalis.redis.control.MemberView;
import dev.chrysalis.redis.control.RedisState;
import dev.chrysalis.redis.control.RestorePoints;
import dev.chrysalis.redis.control.SentinelView;
import dev.chrysalis.redis.control.Situation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What a Redis datastore is found to be.
///
/// @param state its servers and Sentinels as they are now
public record RedisStoreState(Situation situation, @JsonIgnore RedisState state)
    implements StoreState {
  /// What `assess -o json` shows of the servers.
  @JsonProperty("members")
  public List<MemberView> servers() {
    return state.servers();
  }

  /// What `assess -o json` shows of the Sentinels.
  @JsonProperty("sentinels")
  public List<SentinelView> sentinels() {
    return state.sentinels();
  }

  @Override
  public String scenario() {
    return situation.scenario();
  }

  @Override
  public boolean serves() {
    return situation.serves();
  }

  @Override
  public boolean standsStill() {
    return situation instanceof Situation.MasterDown;
  }

  @Override
  public Optional<MemberId> takesWrites() {
    return situation.takesWrites();
  }

  @Override
  public List<MemberId> members() {
    return state.servers().stream().map(MemberView::id).toList();
  }

  @Override
  public String summary() {
    return situation.toString();
  }

  @Override
  public List<Finding> findings(String datastore) {
    return Stream.concat(troubles(datastore).stream(), withoutLog()).toList();
  }

  /// No trouble that a recovery mends, but less is promised.
  private Stream<Finding> withoutLog() {
    return state.servers().stream()
        .filter(view -> view.answers() && "off".equals(view.status().get("aof")))
        .map(view ->
            new Finding(
                "append-only-off",
                Severity.WARNING,
                view.id().toString(),
                view.id()
                    + " writes no append-only file: what was written since its last RDB file is lost"
                    + " with its machine (CONFIG SET appendonly yes, and in its file)",
                Map.of()));
  }

  private List<Finding> troubles(String datastore) {
    return switch (situation) {
      case Situation.AllWell _ -> List.of();
      case Situation.MasterDown s -> List.of(server(s.master(), down(s)));
      case Situation.MasterLost s -> each(s.lost(), "has lost its data; another has some");
      case Situation.ReplicaDown s -> each(s.replicas(), "does not answer");
      case Situation.ReplicaLost s -> each(s.replicas(), "has lost its data");
      case Situation.ReplicationBroken s -> each(s.replicas(), "does not follow " + s.master());
      case Situation.SentinelsDown s -> s.sentinels().stream().map(id -> sentinel(id, s)).toList();
      case Situation.QuorumLost s -> s.sentinels().stream().map(id -> blind(id, s)).toList();
      case Situation.WrongMaster s -> List.of(store(datastore, wrong(s)));
      case Situation.SplitBrain s -> each(s.masters(), "takes writes as a master");
      case Situation.StoreLost s ->
          s.filledAnew().isPresent()
              ? List.of(store(datastore, filledAnew(s.filledAnew().get())))
              : each(s.members(), "has no data that could serve");
      case Situation.PersistenceFailing s -> each(s.members(), persistence(s));
      case Situation.OutOfMemory s ->
          List.of(server(s.master(), "has used its memory up and refuses writes"));
      case Situation.Unclear s -> List.of(store(datastore, s.why()));
    };
  }

  private static String down(Situation.MasterDown s) {
    String fit = s.fit().isEmpty() ? "no replica is fit to lead" : "fit to lead are " + s.fit();
    return "does not answer; its data is there; " + fit;
  }

  private static String wrong(Situation.WrongMaster s) {
    return "the Sentinels send clients to %s, and %s leads"
        .formatted(
            s.named().map(MemberId::toString).orElse("none of the members"),
            s.leader().map(MemberId::toString).orElse("nobody"));
  }

  private static String filledAnew(RestorePoints.CameUpEmpty empty) {
    return "%s came up empty, seen at %s, and took writes; it had %d keys before"
        .formatted(empty.member(), empty.at(), empty.keysBefore());
  }

  private static String persistence(Situation.PersistenceFailing s) {
    return "cannot write its data to disk"
        + (s.refusesWrites() ? "; the master refuses writes for that" : "");
  }

  private Finding sentinel(MemberId id, Situation.SentinelsDown s) {
    String rest =
        s.quorum() ? "the others can still fail over" : "the others cannot fail over any more";
    return finding(id.toString(), id + " does not answer; " + rest, Map.of());
  }

  private Finding blind(MemberId id, Situation.QuorumLost s) {
    return finding(id.toString(), id + " runs and cannot fail over: " + s.why(), Map.of());
  }

  private Finding store(String datastore, String text) {
    return finding(datastore, datastore + ": " + text, Map.of());
  }

  private List<Finding> each(List<MemberId> members, String text) {
    return members.stream().map(m -> server(m, text)).toList();
  }

  private Finding server(MemberId member, String text) {
    return finding(
        member.toString(),
        member + " " + text,
        state.server(member).map(RedisStoreState::evidence).orElse(Map.of()));
  }

  private Finding finding(String subject, String text, Map<String, String> evidence) {
    boolean serves = situation.serves() || situation instanceof Situation.Unclear;
    return new Finding(
        scenario(), serves ? Severity.WARNING : Severity.CRITICAL, subject, text, evidence);
  }

  private static Map<String, String> evidence(MemberView view) {
    Map<String, String> evidence = new TreeMap<>();
    evidence.put("phase", view.observed().phase().toString());
    evidence.put("lastExit", view.observed().lastExit());
    evidence.put("volume", view.volume().state() + (view.volume().empty() ? ", empty" : ""));
    for (String key : List.of("server", "data", "role", "keys", "master.link", "agent.error")) {
      Optional.ofNullable(view.status().get(key)).ifPresent(value -> evidence.put(key, value));
    }
    return evidence;
  }
}
