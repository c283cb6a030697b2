package dev.chrysalis.postgres.agent.server;

/// A replication slot.
///
/// @param type `physical` or `logical`
/// @param restartLsn from where it keeps WAL; empty where it keeps none
/// @param walStatus `reserved`, `extended`, `unreserved`, `lost`; empty where it keeps none
/// @param retainedBytes of WAL that it holds back; -1 where it keeps none
public record SlotState(
    String name,
    String type,
    boolean active,
    String restartLsn,
    String walStatus,
    long retainedBytes) {
  /// Whether WAL that its reader needs is gone.
  public boolean lost() {
    return walStatus.equals("lost");
  }
}
