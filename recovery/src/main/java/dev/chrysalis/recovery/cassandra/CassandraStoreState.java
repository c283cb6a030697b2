package dev.chrysalis.recovery.cassandra;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.chrysalis.cassandra.control.MemberView;
import dev.chrysalis.cassandra.control.RingState;
import dev.chrysalis.cassandra.control.Situation;
import dev.chrysalis.model.Finding;
import dev.chrysalis.model.Finding.Severity;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.recovery.store.StoreState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a Cassandra ring is found to be.
///
/// @param ring its nodes as they are now
public record CassandraStoreState(Situation situation, @JsonIgnore RingState ring)
    implements StoreState {
  /// What `assess -o json` shows of the nodes.
  @JsonProperty("members")
  public List<MemberView> nodes() {
    return ring.members();
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
    return situation instanceof Situation.QuorumLost(var down, var lost, var _)
        && lost.isEmpty()
        && down.size() == ring.members().size();
  }

  /// All nodes are alike: none of them is the one.
  @Override
  public Optional<MemberId> takesWrites() {
    return Optional.empty();
  }

  /// The nodes that serve, while they are known to have a quorum: of another there is what was
  /// there before. Also a whole ring that is another than the one in the vault: it may have been
  /// made on purpose, and what it has is nowhere else. The vault keeps the former one apart.
  @Override
  public List<MemberId> backedUpBeside() {
    List<MemberId> serving = ring.serving().stream().map(MemberView::id).toList();
    boolean all = serving.size() == ring.members().size();
    boolean quorum = situation.serves() && !(situation instanceof Situation.Unclear);
    boolean anew = situation instanceof Situation.StoreLost(var _, var cameUpNew) && cameUpNew;
    return quorum || (all && (anew || situation.serves())) ? serving : List.of();
  }

  @Override
  public List<MemberId> leftOut() {
    List<MemberId> beside = backedUpBeside();
    return members().stream().filter(member -> !beside.contains(member)).toList();
  }

  @Override
  public List<MemberId> members() {
    return ring.members().stream().map(MemberView::id).toList();
  }

  @Override
  public String summary() {
    return situation.toString();
  }

  @Override
  public List<Finding> findings(String datastore) {
    return switch (situation) {
      case Situation.AllWell _ -> List.of();
      case Situation.Unclear s -> List.of(store(datastore, s.why()));
      case Situation.NodeDown s -> each(s.nodes(), "does not answer; its data is there");
      case Situation.NodeLost s ->
          situation.troubled().stream()
              .map(id ->
                  node(
                      id,
                      s.lost().contains(id)
                          ? "has lost its data; the others have a quorum of all of it"
                          : "does not answer; its data is there"))
              .toList();
      case Situation.QuorumLost s ->
          situation.troubled().stream()
              .map(id ->
                  node(
                      id,
                      (s.lost().contains(id)
                              ? "has lost its data"
                              : "does not answer; its data is there")
                          + "; there is no quorum "
                          + (s.keyspaces().isEmpty()
                              ? "of anything"
                              : "of ranges of " + s.keyspaces())))
              .toList();
      case Situation.NodeCutOff s ->
          each(s.nodes(), "runs and has cut itself off from the others: see its log and its disk");
      case Situation.DiskFull s -> each(s.nodes(), "has next to no room on its disk");
      case Situation.NodeJoining s ->
          s.nodes().stream()
              .map(id ->
                  node(
                      id,
                      s.stuck().contains(id)
                          ? "has been joining the ring for long and copies nothing"
                          : "is joining the ring"))
              .toList();
      case Situation.SchemaSplit s ->
          s.odd().isEmpty()
              ? List.of(store(datastore, "the nodes have different schemas, and none has most"))
              : each(s.odd(), "has another schema than the others");
      case Situation.TablesDamaged s ->
          each(s.nodes(), "has SSTables that are not what it wrote, by its newest backup");
      case Situation.NodeUnrepaired s ->
          each(
              s.nodes(),
              "was away for longer than the others keep hints, and was not repaired since");
      case Situation.StoreLost s ->
          s.cameUpNew()
              ? List.of(store(datastore, "it came up empty, as another ring than the vault knows"))
              : each(s.nodes(), "has no data that could serve");
    };
  }

  private Finding store(String datastore, String text) {
    return finding(datastore, datastore + ": " + text, Map.of());
  }

  private List<Finding> each(List<MemberId> nodes, String text) {
    return nodes.stream().map(id -> node(id, text)).toList();
  }

  private Finding node(MemberId id, String text) {
    return finding(
        id.toString(),
        id + " " + text,
        ring.member(id).map(CassandraStoreState::evidence).orElse(Map.of()));
  }

  private Finding finding(String subject, String text, Map<String, String> evidence) {
    boolean serves = situation.serves();
    return new Finding(
        scenario(), serves ? Severity.WARNING : Severity.CRITICAL, subject, text, evidence);
  }

  private static Map<String, String> evidence(MemberView view) {
    Map<String, String> evidence = new TreeMap<>();
    evidence.put("phase", view.observed().phase().toString());
    evidence.put("lastExit", view.observed().lastExit());
    evidence.put("volume", view.volume().state() + (view.volume().empty() ? ", empty" : ""));
    for (String key :
        List.of(
            "server", "data", "data.free", "mode", "gossip", "streams", "schema", "agent.error")) {
      Optional.ofNullable(view.status().get(key)).ifPresent(value -> evidence.put(key, value));
    }
    return evidence;
  }
}
