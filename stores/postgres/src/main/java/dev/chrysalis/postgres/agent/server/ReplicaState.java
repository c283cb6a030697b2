package dev.chrysalis.postgres.agent.server;

/// A standby (or another receiver of WAL) as the server that feeds it sees it.
///
/// @param application what it calls itself
/// @param address where it connects from; empty over a Unix socket
/// @param state `streaming`, `catchup`, `startup`, `backup`, `stopping`
/// @param sync `async`, `sync`, `quorum`, `potential`
/// @param lagBytes of WAL that it has not replayed; -1 where it reports nothing
public record ReplicaState(
    String application, String address, String state, String sync, long lagBytes) {}
