package dev.chrysalis.lab;

/// What can be broken. Each really destroys or stops something; none is undone by the lab.
public enum Fault {
  /// The primary's server is killed and its volume is gone.
  PRIMARY_LOST(
      Target.STORE, "primary-lost", "the primary's server is killed and its volume destroyed"),
  /// All members' servers are killed and all volumes are gone.
  STORE_LOST(
      Target.STORE, "store-lost", "every member's server is killed and every volume destroyed"),
  /// The primary hangs: its processes are there and answer nothing.
  PRIMARY_DOWN(Target.STORE, "primary-down", "the primary's processes are halted: it hangs"),
  /// The replica hangs.
  REPLICA_DOWN(Target.STORE, "replica-down", "the replica's processes are halted: it hangs"),
  /// The replica's server is killed and its volume is gone.
  REPLICA_VOLUME_LOST(
      Target.STORE, "replica-lost", "the replica's server is killed and its volume destroyed"),
  /// The replica's slot is dropped: it falls behind for ever.
  REPLICATION_BROKEN(
      Target.STORE,
      "replication-broken",
      "the replica's replication slot is dropped on the primary"),
  /// Every value is overwritten by one statement, while writes go on: no server shows anything.
  DATA_CORRUPTED(
      Target.STORE,
      "data-corrupted",
      "an UPDATE without WHERE overwrites every value of perception's table"),
  /// Redis's master hangs: the Sentinels promote a replica.
  REDIS_MASTER_DOWN(
      Target.REDIS, "master-down", "the process of Redis's master is halted: it hangs"),
  /// A replica of Redis hangs.
  REDIS_REPLICA_DOWN(
      Target.REDIS, "replica-down", "the process of a replica of Redis is halted: it hangs"),
  /// Redis's master is killed, and comes back at once on an empty volume: where it still is a
  /// master by its template, its replicas follow it into emptiness.
  REDIS_MASTER_LOST(
      Target.REDIS,
      "store-lost",
      "Redis's master is killed, its volume destroyed, and it starts again on an empty one"),
  /// All servers of Redis are killed and their volumes are gone; the Sentinels are left.
  REDIS_STORE_LOST(
      Target.REDIS,
      "store-lost",
      "every server of Redis is killed and every volume of them destroyed"),
  /// Most of the Sentinels hang: those that are left agree on nothing, no failover happens.
  REDIS_SENTINELS_DOWN(
      Target.REDIS,
      "sentinels-down",
      "two of three Sentinels are halted: no failover happens any more"),
  /// All Sentinels run, and know so many others that are gone that they agree on nothing, as where
  /// Sentinels were replaced one after another.
  REDIS_QUORUM_LOST(
      Target.REDIS,
      "quorum-lost",
      "the Sentinels hear of four more that are not there: no failover happens any more"),
  /// Every journey is overwritten by one script, while writes go on: no server shows anything.
  REDIS_DATA_CORRUPTED(
      Target.REDIS, "data-corrupted", "a script overwrites the value of every journey in Redis"),
  /// A node of Cassandra hangs.
  CASSANDRA_NODE_DOWN(
      Target.CASSANDRA, "node-down", "the process of one node of Cassandra is halted: it hangs"),
  /// A node of Cassandra is killed, and comes back at once on an empty volume: the ring refuses it.
  CASSANDRA_NODE_LOST(
      Target.CASSANDRA,
      "node-lost",
      "one node of Cassandra is killed, its volume destroyed, and it starts again on an empty one"),
  /// Two of three nodes of Cassandra are away, one of them for good: nothing has a quorum.
  CASSANDRA_QUORUM_LOST(
      Target.CASSANDRA,
      "quorum-lost",
      "one node of Cassandra is halted, and another killed and its volume destroyed"),
  /// All nodes of Cassandra are killed and their volumes are gone.
  CASSANDRA_STORE_LOST(
      Target.CASSANDRA,
      "store-lost",
      "every node of Cassandra is killed and every volume of them destroyed"),
  /// All nodes of Cassandra are killed, and come back at once on empty volumes: as a new ring.
  CASSANDRA_EMPTIED(
      Target.CASSANDRA,
      "store-lost",
      "every node of Cassandra is killed, its volume destroyed, and all start again on empty ones"),
  /// Every capsule is overwritten, while writes go on: no node shows anything.
  CASSANDRA_DATA_CORRUPTED(
      Target.CASSANDRA,
      "data-corrupted",
      "a client overwrites the value of every capsule in Cassandra"),
  /// Every member of a service is killed. The platform starts it again by itself.
  SERVICE_KILLED(
      Target.SERVICE, "service-down", "the processes of every member of a service are killed"),
  /// Every member of a service hangs.
  SERVICE_HUNG(
      Target.SERVICE,
      "service-down",
      "the processes of every member of a service are halted: it hangs"),
  /// A new revision of a service is rolled out that ends as soon as it is started.
  BAD_RELEASE(
      Target.SERVICE, "service-down", "a release of a service is rolled out that does not start"),
  /// A new revision of a service is rolled out that starts and never gets ready.
  BAD_CONFIGURATION(
      Target.SERVICE,
      "service-down",
      "a service is configured so that it starts and never gets ready"),
  /// Every member of a service runs out of memory and ends. The platform starts it again by itself.
  OUT_OF_MEMORY(
      Target.SERVICE, "service-down", "every member of a service runs out of memory and ends"),
  /// Everything hangs: all services and all members of all stores, with what runs beside them.
  ALL_DOWN(
      Target.EVERYTHING,
      "all-down",
      "every process of all services and stores is halted: everything hangs");

  private final Target target;
  private final String scenario;
  private final String what;

  Fault(Target target, String scenario, String what) {
    this.target = target;
    this.scenario = scenario;
    this.what = what;
  }

  /// What a fault hits.
  public enum Target {
    /// PostgreSQL.
    STORE,
    /// Redis, or its Sentinels.
    REDIS,
    /// Cassandra.
    CASSANDRA,
    /// One service, which can be chosen.
    SERVICE,
    EVERYTHING
  }

  /// What it hits.
  public Target target() {
    return target;
  }

  /// The scenario that recovers from it, as `chrysalis recover` calls it.
  public String scenario() {
    return scenario;
  }

  /// What it does, in words.
  public String what() {
    return what;
  }
}
