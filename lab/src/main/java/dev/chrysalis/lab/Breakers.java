package dev.chrysalis.lab;

import dev.chrysalis.platform.process.ProcessPlatform;
import java.time.Clock;

/// Makes what breaks a running lab.
record Breakers(RunningLab lab, LabMaker maker, LabUser user, Clock clock) {
  /// @param service the one that a service's fault hits
  Breaker of(ProcessPlatform platform, LabService service) {
    LabWorkloads workloads =
        new LabWorkloads(
            lab.layout(), lab.secrets(), maker.installed(), lab.addresses(), lab.services());
    return new Breaker(
        store(),
        redis(platform),
        cassandra(platform),
        new ServiceBreaker(platform, workloads, clock),
        service);
  }

  private StoreBreaker store() {
    return new StoreBreaker(RunningLab.POSTGRES, lab::server, lab::volume, graves(), clock);
  }

  private RedisBreaker redis(ProcessPlatform platform) {
    return new RedisBreaker(platform, lab.redis(), graves(), lab::volume, user, clock);
  }

  private CassandraBreaker cassandra(ProcessPlatform platform) {
    return new CassandraBreaker(
        platform, lab.tasks(maker.programs()), graves(), lab::volume, user, clock);
  }

  private Graveyard graves() {
    return new Graveyard(lab.layout().platform().resolve("volumes/.grave"));
  }
}
