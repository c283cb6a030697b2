package dev.chrysalis.recovery.checklist.watch;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.recovery.checklist.http.Asked;
import dev.chrysalis.recovery.checklist.metrics.Exposition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the members of all services showed while they were watched, by service.
public record Watched(Map<String, List<OfMember>> services) {
  public Watched {
    services = Map.copyOf(services);
  }

  /// The members of a service.
  public List<OfMember> of(String service) {
    return services.getOrDefault(service, List.of());
  }

  /// @param scrapes unanswered where its page could not be read twice, or is not declared
  public record OfMember(MemberId member, Asked<Scrapes> scrapes, Asked<Lines> lines) {}

  /// Two pages of metrics.
  ///
  /// @param moved whether something that only grows has grown
  public record Scrapes(Exposition first, Exposition second, Duration between, boolean moved) {}

  /// What the platform keeps of its output.
  ///
  /// @param all how many lines are kept, at most as many as were asked for
  /// @param errors how many of the lines that were printed between the two looks say ERROR
  /// @param newest the time of the newest line that has one
  public record Lines(int all, int errors, Duration between, Optional<Instant> newest) {}
}
