package dev.chrysalis.recovery;

import dev.chrysalis.model.Finding;
import dev.chrysalis.model.Finding.Severity;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.postgres.control.Diagnosis;
import dev.chrysalis.postgres.control.MemberView;
import dev.chrysalis.postgres.control.MemberViews;
import dev.chrysalis.postgres.control.PostgresAgents;
import dev.chrysalis.postgres.control.Situation;
import dev.chrysalis.recovery.services.ServiceSituation;
import dev.chrysalis.recovery.services.ServiceView;
import dev.chrysalis.recovery.services.ServiceViews;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Looks at the whole stack and says what is broken. Changes nothing.
public final class Assessor {
  /// Scenarios, the deepest trouble first: what is handled before what.
  private static final List<String> DEPTH =
      List.of(
          "store-lost",
          "split-brain",
          "primary-lost",
          "primary-down",
          "unclear",
          "replica-lost",
          "replica-down",
          "replication-broken");

  private final Stack stack;
  private final Platform platform;
  private final PostgresAgents agents;
  private final Protection protection;
  private final ServiceViews services;
  private final Clock clock;

  public Assessor(
      Stack stack,
      Platform platform,
      PostgresAgents agents,
      Protection protection,
      ServiceViews services,
      Clock clock) {
    this.stack = stack;
    this.platform = platform;
    this.agents = agents;
    this.protection = protection;
    this.services = services;
    this.clock = clock;
  }

  /// The state of everything now; members are asked side by side.
  public Assessment assess() {
    List<Assessment.StoreSituation> stores = stores();
    List<ServiceView> seen = services.look();
    if (seen.stream().anyMatch(v -> !v.workload().settled()) && broken(stores).isEmpty()) {
      // What they suffer from may have come between the two looks.
      stores = stores();
    }
    List<ServiceSituation> found = ServiceViews.situations(seen, broken(stores));
    List<Finding> findings = new ArrayList<>();
    stores.forEach(store -> findings.addAll(findings(store)));
    found.forEach(s -> s.finding().ifPresent(findings::add));
    findings.addAll(protection.look().findings());
    return new Assessment(clock.instant(), Scenarios.of(stores, found), findings, stores, found);
  }

  /// The names of the datastores that serve nobody now.
  public Set<String> brokenStores() {
    return broken(stores());
  }

  /// The datastores, the deepest trouble first.
  private List<Assessment.StoreSituation> stores() {
    List<Assessment.StoreSituation> stores = new ArrayList<>();
    for (Datastore store : stack.datastores().values()) {
      List<MemberView> views = views(store);
      stores.add(new Assessment.StoreSituation(store.name(), Diagnosis.of(views), views));
    }
    stores.sort(Comparator.comparingInt(s -> depth(s.situation())));
    return stores;
  }

  private static Set<String> broken(List<Assessment.StoreSituation> stores) {
    return stores.stream()
        .filter(s -> !Scenarios.serves(s.situation()))
        .map(Assessment.StoreSituation::datastore)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static List<Finding> findings(Assessment.StoreSituation store) {
    List<Finding> findings =
        new ArrayList<>(findings(store.datastore(), store.situation(), store.members()));
    store.members().forEach(view -> findings.addAll(IdleSlots.of(view)));
    return findings;
  }

  /// The members of a datastore as they are now.
  public List<MemberView> views(Datastore store) {
    return new MemberViews(platform, agents).of(store.workload());
  }

  private static int depth(Situation situation) {
    int at = DEPTH.indexOf(situation.scenario());
    return at < 0 ? DEPTH.size() : at;
  }

  private static List<Finding> findings(String store, Situation situation, List<MemberView> views) {
    return switch (situation) {
      case Situation.AllWell _ -> List.of();
      case Situation.PrimaryDown s ->
          List.of(member("primary-down", s.primary(), views, "does not answer; its data is there"));
      case Situation.PrimaryLost s ->
          each("primary-lost", s.lost(), views, "has lost its data; a standby has not");
      case Situation.ReplicaDown s -> each("replica-down", s.replicas(), views, "does not answer");
      case Situation.ReplicaLost s ->
          each("replica-lost", s.replicas(), views, "has lost its data");
      case Situation.ReplicationBroken s ->
          each("replication-broken", s.replicas(), views, "does not follow " + s.primary());
      case Situation.StoreLost s -> each("store-lost", s.members(), views, "has lost its data");
      case Situation.SplitBrain s -> each("split-brain", s.primaries(), views, "takes writes");
      case Situation.Unclear s ->
          List.of(new Finding("unclear", Severity.WARNING, store, s.why(), Map.of()));
    };
  }

  private static List<Finding> each(
      String kind, List<MemberId> members, List<MemberView> views, String text) {
    return members.stream().map(m -> member(kind, m, views, text)).toList();
  }

  private static Finding member(String kind, MemberId member, List<MemberView> views, String text) {
    boolean serves = kind.startsWith("replica") || kind.equals("replication-broken");
    return new Finding(
        kind,
        serves ? Severity.WARNING : Severity.CRITICAL,
        member.toString(),
        member + " " + text,
        views.stream()
            .filter(v -> v.id().equals(member))
            .findFirst()
            .map(Assessor::evidence)
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
