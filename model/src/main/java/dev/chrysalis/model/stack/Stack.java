package dev.chrysalis.model.stack;

import java.util.List;
import java.util.Map;

/// What is protected and recovered, as `stack.yaml` declares it. Services and datastores keep the
/// order of the file.
///
/// @param channels by which people are told about runs
public record Stack(
    String name,
    PlatformReference platform,
    VaultReference vault,
    Objectives objectives,
    AsidePolicy asides,
    Map<String, Service> services,
    Map<String, Datastore> datastores,
    Observability observability,
    List<NoticeChannel> channels) {
  public Stack {
    channels = List.copyOf(channels);
  }

  /// The services that need the named datastore or service.
  public List<Service> dependentsOf(String needed) {
    return services.values().stream().filter(s -> s.needs().contains(needed)).toList();
  }
}
