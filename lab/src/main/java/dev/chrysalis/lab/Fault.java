package dev.chrysalis.lab;

/// What can be broken. Each really destroys or stops something; none is undone by the lab.
public enum Fault {
  /// The primary's server is killed and its volume is gone.
  PRIMARY_LOST("the primary's server is killed and its volume destroyed"),
  /// All members' servers are killed and all volumes are gone.
  STORE_LOST("every member's server is killed and every volume destroyed"),
  /// The primary hangs: its processes are there and answer nothing.
  PRIMARY_DOWN("the primary's processes are halted: it hangs"),
  /// The replica hangs.
  REPLICA_DOWN("the replica's processes are halted: it hangs"),
  /// The replica's server is killed and its volume is gone.
  REPLICA_VOLUME_LOST("the replica's server is killed and its volume destroyed"),
  /// The replica's slot is dropped: it falls behind for ever.
  REPLICATION_BROKEN("the replica's replication slot is dropped on the primary"),
  /// Every process of perception is killed; the platform starts them again.
  SERVICE_KILLED("perception's processes are killed, all at once"),
  /// Every process of perception hangs.
  SERVICE_HUNG("perception's processes are halted: it hangs"),
  /// A release of perception that does not start is rolled out.
  BAD_RELEASE("a release of perception that ends as soon as it starts is rolled out"),
  /// A configuration with which perception starts and finds no database is rolled out.
  BAD_CONFIGURATION("perception is configured for a port on which no database listens"),
  /// Every process of every service and every datastore hangs.
  ALL_DOWN("every process of every service and every datastore is halted"),
  /// Every value is overwritten by one statement, while writes go on: no server shows anything.
  DATA_CORRUPTED("an UPDATE without WHERE overwrites every value of perception's table");

  private final String what;

  Fault(String what) {
    this.what = what;
  }

  /// What it does, in words.
  public String what() {
    return what;
  }
}
