package dev.butterfly.shelf;

import dev.butterfly.shelf.CassandraSession.Unreachable;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Up while a quorum of replicas answers for an item that nobody writes.
final class ServingRing implements HealthIndicator {
  private static final long NOBODYS = -1;

  private final ItemTable items;

  ServingRing(ItemTable items) {
    this.items = items;
  }

  @Override
  public Health health() {
    try {
      var _ = items.read(NOBODYS);
      return Health.up().build();
    } catch (Unreachable e) {
      return Health.down().withDetail("reason", "the ring has no quorum for this").build();
    }
  }
}
