package dev.chrysalis.lab;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The services of one lab. Perception is always there: the load is on it.
///
/// @param all in the order in which they can start
public record LabServices(List<LabService> all) {
  /// All that BUTTERFLY has.
  public static final LabServices WHOLE = new LabServices(List.of(LabService.values()));

  /// The least: what stands before the database.
  public static final LabServices PERCEPTION_ALONE =
      new LabServices(List.of(LabService.PERCEPTION));

  /// One before each datastore.
  public static final LabServices WITH_BOTH_STORES =
      new LabServices(List.of(LabService.PERCEPTION, LabService.ODYSSEY));

  /// Two before Cassandra, beside perception.
  public static final LabServices WITH_CASSANDRA =
      new LabServices(List.of(LabService.PERCEPTION, LabService.CAPSULE, LabService.PLATO));

  public LabServices {
    Set<LabService> sorted = EnumSet.of(LabService.PERCEPTION);
    sorted.addAll(all);
    all = List.copyOf(sorted);
  }

  /// Reads `nexus,plato`; throws `IllegalArgumentException` that lists the services where a name is
  /// none.
  public static LabServices parse(String text) {
    return new LabServices(
        List.of(text.split(",", -1)).stream().map(String::strip).map(LabService::named).toList());
  }

  boolean has(LabService service) {
    return all.contains(service);
  }

  /// Whether one of them keeps its items in Redis.
  boolean needRedis() {
    return has(LabService.ODYSSEY);
  }

  /// Whether one of them keeps its items in Cassandra.
  boolean needCassandra() {
    return has(LabService.CAPSULE) || has(LabService.PLATO);
  }

  /// Those of a service's needs that are in this lab.
  List<LabService> needsOf(LabService service) {
    return service.needs().stream().filter(this::has).toList();
  }

  /// What `parse` reads.
  @Override
  public String toString() {
    return all.stream().map(LabService::word).collect(Collectors.joining(","));
  }
}
