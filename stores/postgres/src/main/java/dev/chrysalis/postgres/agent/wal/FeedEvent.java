package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.model.ChrysalisException;

/// What happened to a feeder.
public sealed interface FeedEvent {
  /// A file lies ready for the server.
  record Served(String file) implements FeedEvent {}

  /// The server was told that there is no such file.
  record Absent(String file) implements FeedEvent {}

  /// WAL that must be there is not: the server is told to stop.
  record Lost(String file, String why) implements FeedEvent {}

  /// Something failed; it is tried again while the server waits.
  record Retrying(String file, ChrysalisException error) implements FeedEvent {}
}
