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
    return store.clients().stream().map(this::workload).toList();
  }

  /// Points every client at the primary.
  ///
  /// @param address how `PointClients` learns the address: its parameters
  public List<Step> point(Map<String, String> address, String after) {
    return store.clients().stream().map(client -> point(client, address, after)).toList();
  }

  /// Stops every client.
  ///
  /// @param undoGroup the steps with which they are started again when the restore fails
  public List<Step> stop(String after, String undoGroup) {
    return store.clients().stream()
        .map(client ->
            Step.named("stop-" + client.service())
                .title("Stop " + client.service() + ", which writes to " + store.name())
                .action(StopService.NAME)
                .with("workload", workload(client))
                .with("otherwise", Integer.toString(otherwise(client)))
                .after(after)
                .expected(Duration.ofSeconds(5))
                .undoGroup(undoGroup)
                .build())
        .toList();
  }

  /// Points every client that `stop` stopped at the primary and starts it again.
  public List<Step> start(MemberId primary, String after) {
    return store.clients().stream().flatMap(client -> start(client, primary, after)).toList();
  }

  private Stream<Step> start(Datastore.Client client, MemberId primary, String after) {
    Step point = point(client, Map.of("primary", primary.toString()), after);
    Step start =
        Step.named("start-" + client.service())
            .title("Start " + client.service() + " with as many replicas as before")
            .action(StartService.NAME)
            .with("workload", workload(client))
            .with("stopped-by", "stop-" + client.service())
            .after(point.id())
            .expected(Duration.ofSeconds(15))
            .deadline(Duration.ofMinutes(10))
            .build();
    return Stream.of(point, start);
  }

  private Step point(Datastore.Client client, Map<String, String> address, String after) {
    return Step.named("point-" + client.service())
        .title("Point " + client.service() + " at the primary")
        .action(PointClients.NAME)
        .with("workload", workload(client))
        .with("variable", client.variable())
        .with(address)
        .after(after)
        .expected(Duration.ofSeconds(15))
        .deadline(Duration.ofMinutes(10))
        .build();
  }

  private int otherwise(Datastore.Client client) {
    int declared = service(client).map(Service::replicas).orElse(0);
    return declared > 0 ? declared : before.getOrDefault(client.service(), 0);
  }

  private String workload(Datastore.Client client) {
    return service(client).map(Service::workload).orElse(client.service());
  }

  private Optional<Service> service(Datastore.Client client) {
    return Optional.ofNullable(stack.services().get(client.service()));
  }
}
