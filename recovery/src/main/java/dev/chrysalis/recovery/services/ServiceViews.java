package dev.chrysalis.recovery.services;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Service;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.recovery.checklist.http.ServiceClient;
import java.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Looks at the services of a stack. Changes nothing.
public record ServiceViews(Stack stack, Platform platform, ServiceClient client, Clock clock) {
  private static final int LINES = 50;

  /// Whatever it answers there: a health endpoint may wait for a database that hangs.
  private static final String ANY_PATH = "/";

  private static final String EXHAUSTED = "OutOfMemoryError";

  /// What each service is found to be, in an order in which none comes before what it needs.
  ///
  /// @param brokenStores the datastores that serve nobody
  public List<ServiceSituation> situations(Set<String> brokenStores) {
    Map<String, ServiceSituation> found = new LinkedHashMap<>();
    for (Service service : ServiceOrder.of(stack)) {
      List<String> broken =
          service.needs().stream()
              .filter(need -> brokenStores.contains(need) || isDown(found.get(need)))
              .toList();
      ServiceView view = view(service);
      found.put(
          service.name(),
          new ServiceSituation(service.name(), ServiceDiagnosis.of(view, broken), view));
    }
    return List.copyOf(found.values());
  }

  private static boolean isDown(@org.jspecify.annotations.Nullable ServiceSituation situation) {
    return situation != null && !situation.serves();
  }

  private ServiceView view(Service service) {
    Workload workload = platform.workload(service.workload());
    List<Member> unready = workload.members().stream().filter(m -> !m.ready()).toList();
    Set<MemberId> answering = ConcurrentHashMap.newKeySet();
    Set<MemberId> exhausted = new HashSet<>();
    // One that hangs takes its time not to answer: they are asked side by side.
    try (ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Member m : unready) {
        beside.execute(() -> {
          if (client.ask(m.address(), service.port(), "GET", ANY_PATH, "").status() != 0) {
            answering.add(m.id());
          }
        });
      }
    }
    for (Member m : unready) {
      if (platform.logs(m.id(), "", LINES).stream().anyMatch(l -> l.contains(EXHAUSTED))) {
        exhausted.add(m.id());
      }
    }
    return new ServiceView(service, workload, answering, exhausted, clock.instant());
  }
}
