package dev.chrysalis.workloads;

import dev.chrysalis.engine.Step;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.stack.Datastore;
import dev.chrysalis.model.stack.Service;
import dev.chrysalis.model.stack.Stack;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The steps that a datastore's clients go through in a recovery: stopped, told of the new primary,
/// started again. Pure.
///
/// @param before by service, how many members it had while all was well, where that is known: what
///   is brought back of one that has none when it is to be stopped
public record ClientSteps(Stack stack, Datastore store, Map<String, Integer> before) {
  public ClientSteps {
    before = Map.copyOf(before);
  }

  /// The platform's names of the clients.
  public List<String> workloads() {
    return store.clients().stream().map(client -> workload(client.service())).toList();
  }

  /// The platform's names of all services that need the datastore.
  public List<String> allWorkloads() {
    return Stream.concat(workloads().stream(), others().map(Service::workload)).toList();
  }

  /// Points every client at the primary.
  ///
  /// @param address how `PointClients` learns the address: its parameters
  public List<Step> point(Map<String, String> address, String after) {
    return store.clients().stream().map(client -> point(client, address, List.of(after))).toList();
  }

  /// Waits until the other services that need the datastore are ready: those that ask for the
  /// primary themselves.
  public List<Step> awaitOthers(List<String> after) {
    return others().map(service -> await(service, after)).toList();
  }

  /// Stops every client.
  ///
  /// @param undoGroup the steps with which they are started again when the restore fails
  public List<Step> stop(String after, String undoGroup) {
    return store.clients().stream()
        .map(client -> stop(client.service(), after, undoGroup))
        .toList();
  }

  /// The same, and stops the other services that need the datastore as well.
  public List<Step> stopAll(String after, String undoGroup) {
    return Stream.concat(
            stop(after, undoGroup).stream(),
            others().map(service -> stop(service.name(), after, undoGroup)))
        .toList();
  }

  /// Points every client that `stop` stopped at the primary and starts it again.
  public List<Step> start(MemberId primary, String after) {
    return store.clients().stream()
        .flatMap(client -> start(client, primary, List.of(after)))
        .toList();
  }

  /// The same for all that `stopAll` stopped.
  public List<Step> startAll(MemberId primary, List<String> after) {
    return Stream.concat(
            store.clients().stream().flatMap(client -> start(client, primary, after)),
            others().map(service -> start(service.name(), after)))
        .toList();
  }

  private Stream<Step> start(Datastore.Client client, MemberId primary, List<String> after) {
    Step point = point(client, Map.of("primary", primary.toString()), after);
    return Stream.of(point, start(client.service(), List.of(point.id())));
  }

  private Step start(String service, List<String> after) {
    return Step.named("start-" + service)
        .title("Start " + service + " with as many replicas as before")
        .action(StartService.NAME)
        .with("workload", workload(service))
        .with("stopped-by", "stop-" + service)
        .after(after)
        .expected(Duration.ofSeconds(15))
        .deadline(Duration.ofMinutes(10))
        .build();
  }

  private Step stop(String service, String after, String undoGroup) {
    return Step.named("stop-" + service)
        .title("Stop " + service + ", which writes to " + store.name())
        .action(StopService.NAME)
        .with("workload", workload(service))
        .with("otherwise", Integer.toString(otherwise(service)))
        .after(after)
        .expected(Duration.ofSeconds(5))
        .undoGroup(undoGroup)
        .build();
  }

  private Step await(Service service, List<String> after) {
    return Step.named("await-" + service.name())
        .title("Wait until " + service.name() + " is well again")
        .action(AwaitService.NAME)
        .with("workload", service.workload())
        .with("patience", service.startsWithin().toString())
        .after(after)
        .expected(Duration.ofSeconds(5))
        .deadline(service.startsWithin().multipliedBy(3).plus(Duration.ofMinutes(5)))
        .build();
  }

  private Step point(Datastore.Client client, Map<String, String> address, List<String> after) {
    return Step.named("point-" + client.service())
        .title("Point " + client.service() + " at the primary")
        .action(PointClients.NAME)
        .with("workload", workload(client.service()))
        .with("variable", client.variable())
        .with(address)
        .after(after)
        .expected(Duration.ofSeconds(15))
        .deadline(Duration.ofMinutes(10))
        .build();
  }

  private int otherwise(String client) {
    int declared = service(client).map(Service::replicas).orElse(0);
    return declared > 0 ? declared : before.getOrDefault(client, 0);
  }

  private String workload(String client) {
    return service(client).map(Service::workload).orElse(client);
  }

  private Optional<Service> service(String client) {
    return Optional.ofNullable(stack.services().get(client));
  }

  /// The services that need the datastore and are not told where its primary is.
  private Stream<Service> others() {
    return stack.services().values().stream()
        .filter(service -> service.needs().contains(store.name()))
        .filter(s -> store.clients().stream().noneMatch(c -> c.service().equals(s.name())));
  }
}
