package dev.chrysalis.recovery;

import dev.chrysalis.model.Finding;
import dev.chrysalis.recovery.services.ServiceSituation;
import dev.chrysalis.recovery.services.ServiceView;
import dev.chrysalis.recovery.services.ServiceViews;
import dev.chrysalis.recovery.store.Store;
import dev.chrysalis.recovery.store.StoreSituation;
import dev.chrysalis.workloads.SideBySide;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Looks at the whole stack and says what is broken. Changes nothing.
public final class Assessor {
  /// Scenarios, the deepest trouble first: what is handled before what.
  private static final List<String> DEPTH =
      List.of(
          Scenarios.STORE_LOST,
          "split-brain",
          "primary-lost",
          "master-lost",
          "primary-down",
          "master-down",
          "wrong-master",
          "out-of-memory",
          "unclear",
          "sentinels-down",
          "quorum-lost",
          "disk-full",
          "node-lost",
          "node-down",
          "node-cut-off",
          "node-stuck",
          "schema-split",
          "tables-damaged",
          "node-unrepaired",
          "node-joining",
          "replica-lost",
          "replica-down",
          "replication-broken",
          "persistence-failing");

  private final List<Store> stores;
  private final Protection protection;
  private final ServiceViews services;
  private final Clock clock;

  public Assessor(List<Store> stores, Protection protection, ServiceViews services, Clock clock) {
    this.stores = List.copyOf(stores);
    this.protection = protection;
    this.services = services;
    this.clock = clock;
  }

  /// The state of everything now; members are asked side by side.
  public Assessment assess() {
    List<StoreSituation> stores = look();
    List<ServiceView> seen = services.look();
    if (seen.stream().anyMatch(v -> !v.workload().settled()) && broken(stores).isEmpty()) {
      // What they suffer from may have come between the two looks.
      stores = look();
    }
    List<ServiceSituation> found = ServiceViews.situations(seen, broken(stores));
    List<Finding> findings = new ArrayList<>();
    stores.forEach(store -> findings.addAll(store.state().findings(store.datastore())));
    found.forEach(s -> s.finding().ifPresent(findings::add));
    findings.addAll(protection.look().findings());
    return new Assessment(clock.instant(), Scenarios.of(stores, found), findings, stores, found);
  }

  /// The names of the datastores that serve nobody now.
  public Set<String> brokenStores() {
    return broken(look());
  }

  /// The datastores, the deepest trouble first.
  private List<StoreSituation> look() {
    return SideBySide.map(stores, Store::look).stream()
        .sorted(Comparator.comparingInt(Assessor::depth))
        .toList();
  }

  private static Set<String> broken(List<StoreSituation> stores) {
    return stores.stream()
        .filter(s -> !s.state().serves())
        .map(StoreSituation::datastore)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static int depth(StoreSituation situation) {
    int at = DEPTH.indexOf(situation.scenario());
    return at < 0 ? DEPTH.size() : at;
  }
}
