package dev.chrysalis.lab;

/// Breaks things for good: a store, a service, or everything at once.
///
/// @param service the one that a service's fault hits
record Breaker(
    StoreBreaker store,
    RedisBreaker redis,
    CassandraBreaker cassandra,
    ServiceBreaker services,
    LabService service) {
  Disaster inject(Fault fault) {
    return switch (fault) {
      case PRIMARY_LOST -> store.primaryLost();
      case STORE_LOST -> store.allLost();
      case REPLICA_VOLUME_LOST -> store.replicaLost();
      case PRIMARY_DOWN -> store.primaryHung();
      case REPLICA_DOWN -> store.replicaHung();
      case REPLICATION_BROKEN -> store.dropSlot();
      case DATA_CORRUPTED -> store.overwrite();
      case REDIS_MASTER_DOWN -> redis.masterHung();
      case REDIS_REPLICA_DOWN -> redis.replicaHung();
      case REDIS_MASTER_LOST -> redis.masterLost();
      case REDIS_STORE_LOST -> redis.allLost();
      case REDIS_SENTINELS_DOWN -> redis.quorumHung();
      case REDIS_QUORUM_LOST -> redis.quorumLost();
      case REDIS_DATA_CORRUPTED -> redis.overwrite();
      case CASSANDRA_NODE_DOWN -> cassandra.nodeHung();
      case CASSANDRA_NODE_LOST -> cassandra.nodeLost();
      case CASSANDRA_QUORUM_LOST -> cassandra.quorumLost();
      case CASSANDRA_STORE_LOST -> cassandra.allLost();
      case CASSANDRA_EMPTIED -> cassandra.emptied();
      case CASSANDRA_DATA_CORRUPTED -> cassandra.overwrite();
      case SERVICE_KILLED -> services.kill(service);
      case SERVICE_HUNG -> services.hang(service);
      case BAD_RELEASE -> services.releaseBadly(service);
      case BAD_CONFIGURATION -> services.configureBadly(service);
      case OUT_OF_MEMORY -> services.exhaust(service);
      case ALL_DOWN -> services.hangEverything();
    };
  }
}
