package dev.chrysalis.recovery;

import dev.chrysalis.recovery.services.ServiceSituation;
import dev.chrysalis.recovery.store.StoreSituation;
import java.util.List;

/// Which scenario all that was found adds up to. Pure.
///
/// 1. When no service serves and more than one thing is broken by itself, all is down; but only
///    where every datastore serves, or is down with its data there.
/// 2. Otherwise a datastore's trouble goes before that of services: it is the deeper one, and its
///    plan brings the services back as well.
public final class Scenarios {
  /// Services are down, and the datastores serve.
  public static final String SERVICE_DOWN = "service-down";

  /// No member of a datastore has data that could serve.
  public static final String STORE_LOST = "store-lost";

  /// No service serves, and more than one thing is broken by itself.
  public static final String ALL_DOWN = "all-down";

  private Scenarios() {}

  /// @param stores the deepest trouble first
  static String of(List<StoreSituation> stores, List<ServiceSituation> services) {
    if (allDown(stores, services)) {
      return ALL_DOWN;
    }
    String store = stores.isEmpty() ? Assessment.ALL_WELL : stores.getFirst().scenario();
    boolean troubled = services.stream().anyMatch(ServiceSituation::troubled);
    return store.equals(Assessment.ALL_WELL) && troubled ? SERVICE_DOWN : store;
  }

  private static boolean allDown(List<StoreSituation> stores, List<ServiceSituation> services) {
    long troubled = services.stream().filter(ServiceSituation::troubled).count();
    boolean storesStop =
        stores.stream().allMatch(s -> s.state().standsStill() || s.allWell())
            && stores.stream().anyMatch(s -> s.state().standsStill());
    boolean storesServe = stores.stream().allMatch(StoreSituation::allWell);
    long broken = troubled + stores.stream().filter(s -> !s.allWell()).count();
    return troubled > 0
        && broken > 1
        && (storesStop || storesServe)
        && services.stream().noneMatch(ServiceSituation::serves);
  }
}
