package dev.chrysalis.recovery.checklist;

import dev.chrysalis.engine.Surroundings;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.model.stack.Observability;
import dev.chrysalis.model.stack.Stack;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.recovery.Protection;
import dev.chrysalis.recovery.checklist.errors.Baselines;
import dev.chrysalis.recovery.checklist.errors.ErrorRates;
import dev.chrysalis.recovery.checklist.errors.Spikes;
import dev.chrysalis.recovery.checklist.http.BoundedHttp;
import dev.chrysalis.recovery.checklist.http.ServiceClient;
import dev.chrysalis.recovery.checklist.logs.Elasticsearch;
import dev.chrysalis.recovery.checklist.logs.LogAggregator;
import dev.chrysalis.recovery.checklist.logs.Loki;
import dev.chrysalis.recovery.checklist.metrics.Prometheus;
import dev.chrysalis.recovery.checklist.watch.Watch;
import dev.chrysalis.recovery.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What the checklist of a stack stands on.
///
/// @param stores the stack's datastores
/// @param client speaks to services
/// @param servers speaks to the servers that observe them
/// @param records where it is kept what was seen while the stack was well
public record ChecklistGround(
    Platform platform,
    List<Store> stores,
    Protection protection,
    ServiceClient client,
    BoundedHttp servers,
    RecordStore records,
    Surroundings surroundings) {
  /// How long something may take to grow, after the watch.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// The checklist, with its boxes in the runbook's order.
  public Checklist of(Stack stack) {
    Observability observed = stack.observability();
    Clock clock = surroundings.clock();
    Optional<Prometheus> prometheus = observed.prometheus().map(p -> new Prometheus(p, servers));
    Optional<LogAggregator> logs = observed.logs().map(this::aggregator);
    Baselines baselines = new Baselines(records, stack.name());
    Watch watch = new Watch(platform, client, surroundings.ticker(), observed.watch(), PATIENCE);
    List<Box> boxes =
        List.of(
            new MembersBox(stack, stores, platform),
            new HealthBox(stack, platform, client),
            new ReplicationBox(stores),
            new MetricsBox(stack, prometheus.orElse(null), clock),
            new LogsBox(stack, logs.orElse(null)),
            new SamplesBox(stack, platform, client, surroundings.random()),
            new ConsumerLagBox(),
            new ErrorSpikesBox(new Spikes(observed.errors(), baselines, prometheus)),
            new ProtectionBox(protection));
    return new Checklist(stack, boxes, watch, new ErrorRates(prometheus, logs), baselines, clock);
  }

  private LogAggregator aggregator(Observability.LogServer server) {
    return switch (server) {
      case Observability.Loki loki -> new Loki(loki, servers, surroundings.clock());
      case Observability.Elasticsearch elastic ->
          new Elasticsearch(elastic, servers, surroundings.clock());
    };
  }
}
