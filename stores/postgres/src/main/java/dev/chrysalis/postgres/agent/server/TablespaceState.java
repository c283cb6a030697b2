package dev.chrysalis.postgres.agent.server;

/// A tablespace outside the data directory.
public record TablespaceState(long oid, String name, String location) {}
