package dev.chrysalis.recovery.postgres;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.chrysalis.model.Finding;
import dev.chrysalis.model.Finding.Severity;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.postgres.control.MemberView;
import dev.chrysalis.postgres.control.Situation;
import dev.chrysalis.recovery.store.StoreState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a PostgreSQL datastore is found to be.
///
/// @param views its members as they are now
public record PostgresState(Situation situation, @JsonProperty("members") List<MemberView> views)
    implements StoreState {
  public PostgresState {
    views = List.copyOf(views);
  }

  @Override
  public String scenario() {
    return situation.scenario();
  }

  @Override
  public boolean serves() {
    return switch (situation) {
      case Situation.AllWell _,
          Situation.ReplicaDown _,
          Situation.ReplicaLost _,
          Situation.ReplicationBroken _ ->
          true;
      case Situation.PrimaryDown _,
          Situation.PrimaryLost _,
          Situation.StoreLost _,
          Situation.SplitBrain _ ->
          false;
      // What is not known is not held against it.
      case Situation.Unclear _ -> true;
    };
  }

  @Override
  public boolean standsStill() {
    return situation instanceof Situation.PrimaryDown;
  }

  @Override
  public Optional<MemberId> takesWrites() {
    return switch (situation) {
      case Situation.AllWell s -> Optional.of(s.primary());
      case Situation.ReplicaDown s -> Optional.of(s.primary());
      case Situation.ReplicaLost s -> Optional.of(s.primary());
      case Situation.ReplicationBroken s -> Optional.of(s.primary());
      case Situation.PrimaryDown _,
          Situation.PrimaryLost _,
          Situation.StoreLost _,
          Situation.SplitBrain _,
          Situation.Unclear _ ->
          Optional.empty();
    };
  }

  @Override
  public List<MemberId> members() {
    return views.stream().map(MemberView::id).toList();
  }

  @Override
  public String summary() {
    return situation.toString();
  }

  @Override
  public List<Finding> findings(String datastore) {
    List<Finding> findings = new ArrayList<>(troubles(datastore));
    views.forEach(view -> findings.addAll(IdleSlots.of(view)));
    views.forEach(view -> StaleCollations.of(view).ifPresent(findings::add));
    return findings;
  }

  private List<Finding> troubles(String store) {
    return switch (situation) {
      case Situation.AllWell _ -> List.of();
      case Situation.PrimaryDown s ->
          List.of(member("primary-down", s.primary(), "does not answer; its data is there"));
      case Situation.PrimaryLost s ->
          each("primary-lost", s.lost(), "has lost its data; a standby has not");
      case Situation.ReplicaDown s -> each("replica-down", s.replicas(), "does not answer");
      case Situation.ReplicaLost s -> each("replica-lost", s.replicas(), "has lost its data");
      case Situation.ReplicationBroken s ->
          each("replication-broken", s.replicas(), "does not follow " + s.primary());
      case Situation.StoreLost s -> each("store-lost", s.members(), "has lost its data");
      case Situation.SplitBrain s -> each("split-brain", s.primaries(), "takes writes");
      case Situation.Unclear s ->
          List.of(new Finding("unclear", Severity.WARNING, store, s.why(), Map.of()));
    };
  }

  private List<Finding> each(String kind, List<MemberId> members, String text) {
    return members.stream().map(m -> member(kind, m, text)).toList();
  }

  private Finding member(String kind, MemberId member, String text) {
    boolean serves = kind.startsWith("replica") || kind.equals("replication-broken");
    return new Finding(
        kind,
        serves ? Severity.WARNING : Severity.CRITICAL,
        member.toString(),
        member + " " + text,
        views.stream()
            .filter(v -> v.id().equals(member))
            .findFirst()
            .map(PostgresState::evidence)
            .orElse(Map.of()));
  }

  private static Map<String, String> evidence(MemberView view) {
    return Map.of(
        "phase", view.observed().phase().toString(),
        "lastExit", view.observed().lastExit(),
        "volume", view.volume().state() + (view.volume().empty() ? ", empty" : ""),
        "server", view.status().getOrDefault("server", "unknown"),
        "data", view.status().getOrDefault("data", "unknown"));
  }
}
