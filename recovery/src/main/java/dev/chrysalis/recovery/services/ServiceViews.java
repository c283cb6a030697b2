package dev.chrysalis.recovery.services;

import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Service;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.Member;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.Workload;
import dev.chrysalis.recovery.checklist.http.ServiceClient;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/// Looks at the services of a stack. Changes nothing.
///
/// @param remembered how many members they had while all was well
public record ServiceViews(
    Stack stack, Platform platform, ServiceClient client, ReplicaRecords remembered, Clock clock) {
  private static final int LINES = 50;
  private static final int OK = 200;

  /// Whatever it answers there: a health endpoint may wait for a database that hangs.
  private static final String ANY_PATH = "/";

  private static final String EXHAUSTED = "OutOfMemoryError";

  /// What each service is found to be, in an order in which none comes before what it needs.
  ///
  /// @param brokenStores the datastores that serve nobody
  public List<ServiceSituation> situations(Set<String> brokenStores) {
    return situations(look(), brokenStores);
  }

  /// The same, of what was seen before.
  ///
  /// @param seen each service, none before what it needs
  public static List<ServiceSituation> situations(
      List<ServiceView> seen, Set<String> brokenStores) {
    Map<String, ServiceSituation> found = new LinkedHashMap<>();
    Map<String, List<String>> causes = new HashMap<>();
    brokenStores.forEach(store -> causes.put(store, List.of(store)));
    for (ServiceView view : seen) {
      Service service = view.service();
      List<String> broken =
          service.needs().stream()
              .flatMap(need -> causes.getOrDefault(need, List.of()).stream())
              .distinct()
              .toList();
      ServiceState state = ServiceDiagnosis.of(view, broken);
      ServiceSituation situation = new ServiceSituation(service.name(), state, view);
      found.put(service.name(), situation);
      // One that serves still, by its last probe, passes on what will stop it as well.
      causes.put(service.name(), situation.serves() ? broken : List.of(service.name()));
    }
    return List.copyOf(found.values());
  }

  /// Each service as it is now, none before what it needs. The platform is asked first, and the
  /// members afterwards: what one that is not ready suffers from can be seen then, also where the
  /// platform's probes have not noticed it yet.
  public List<ServiceView> look() {
    List<Service> order = ServiceOrder.of(stack);
    Map<String, Workload> workloads = new HashMap<>();
    order.forEach(s -> workloads.put(s.name(), platform.workload(s.workload())));
    Answers answers =
        workloads.values().stream().allMatch(Workload::settled)
            ? Answers.presumed(workloads.values())
            : ask(order, workloads);
    return order.stream()
        .map(s -> view(s, Objects.requireNonNull(workloads.get(s.name())), answers))
        .toList();
  }

  /// Which members answered anything, and which said that they are ready.
  private record Answers(Set<MemberId> any, Set<MemberId> healthy) {
    /// Where all is well nobody is asked.
    static Answers presumed(Collection<Workload> workloads) {
      Set<MemberId> ready =
          workloads.stream()
              .flatMap(w -> w.members().stream())
              .filter(Member::ready)
              .map(Member::id)
              .collect(Collectors.toSet());
      return new Answers(ready, ready);
    }
  }

  /// One that hangs takes its time not to answer: all are asked side by side.
  private Answers ask(List<Service> services, Map<String, Workload> workloads) {
    Answers answers = new Answers(ConcurrentHashMap.newKeySet(), ConcurrentHashMap.newKeySet());
    try (ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Service service : services) {
        for (Member m : Objects.requireNonNull(workloads.get(service.name())).members()) {
          beside.execute(() -> {
            if (status(m, service, ANY_PATH) != 0) {
              answers.any().add(m.id());
            }
          });
          beside.execute(() -> {
            if (status(m, service, service.health()) == OK) {
              answers.healthy().add(m.id());
            }
          });
        }
      }
    }
    return answers;
  }

  private int status(Member member, Service service, String path) {
    return client.ask(member.address(), service.port(), "GET", path, "").status();
  }

  private ServiceView view(Service service, Workload workload, Answers answers) {
    Set<MemberId> exhausted = new HashSet<>();
    for (Member m : workload.members()) {
      if (!m.ready() && platform.logs(m.id(), "", LINES).stream().anyMatch(this::exhausted)) {
        exhausted.add(m.id());
      }
    }
    return new ServiceView(
        service,
        workload,
        before(service, workload),
        of(workload, answers.any()),
        of(workload, answers.healthy()),
        exhausted,
        clock.instant());
  }

  /// What is declared goes before what was seen. A vault that cannot be read, which is found
  /// elsewhere, must not hide what else is broken.
  private KnownReplicas before(Service service, Workload workload) {
    if (service.replicas() > 0) {
      return new KnownReplicas.Declared(service.replicas());
    }
    if (workload.replicas() > 0) {
      return new KnownReplicas.Unknown();
    }
    try {
      Optional<KnownReplicas.Seen> seen = remembered.newest(service.name());
      return seen.isPresent() ? seen.get() : new KnownReplicas.Unknown();
    } catch (ChrysalisException e) {
      if (e.code().category() == Category.INTERRUPTED) {
        throw e;
      }
      return new KnownReplicas.Unknown();
    }
  }

  private boolean exhausted(String line) {
    return line.contains(EXHAUSTED);
  }

  private static Set<MemberId> of(Workload workload, Set<MemberId> members) {
    return workload.members().stream()
        .map(Member::id)
        .filter(members::contains)
        .collect(Collectors.toSet());
  }
}
