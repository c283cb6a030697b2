package dev.chrysalis.lab;

/// Breaks things for good: the database, a service, or everything at once.
///
/// @param service the one that a service's fault hits
record Breaker(StoreBreaker store, ServiceBreaker services, LabService service) {
  Disaster inject(Fault fault) {
    return switch (fault) {
      case PRIMARY_LOST -> store.primaryLost();
      case STORE_LOST -> store.allLost();
      case REPLICA_VOLUME_LOST -> store.replicaLost();
      case PRIMARY_DOWN -> store.primaryHung();
      case REPLICA_DOWN -> store.replicaHung();
      case REPLICATION_BROKEN -> store.dropSlot();
      case DATA_CORRUPTED -> store.overwrite();
      case SERVICE_KILLED -> services.kill(service);
      case SERVICE_HUNG -> services.hang(service);
      case BAD_RELEASE -> services.releaseBadly(service);
      case BAD_CONFIGURATION -> services.configureBadly(service);
      case OUT_OF_MEMORY -> services.exhaust(service);
      case ALL_DOWN -> services.hangEverything();
    };
  }
}
