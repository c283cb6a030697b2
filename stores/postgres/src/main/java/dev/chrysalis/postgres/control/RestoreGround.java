package dev.chrysalis.postgres.control;

/// Upon what the first member of a database that is restored gets its files. Members that follow it
/// are always rebuilt in fresh storage.
public enum RestoreGround {
  /// An empty volume; what lies in it is set aside.
  FRESH,
  /// The cluster that is there: only what differs is written, and kept first.
  IN_PLACE,
  /// The same, and nothing of what is replaced is kept.
  IN_PLACE_NO_WAY_BACK;

  public boolean inPlace() {
    return this != FRESH;
  }
}
