package dev.chrysalis.redis.agent.log;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.Snapshot;

/// What happened to a shipper. `LogEnded` and `NoAppendOnlyFile` are worth an alarm.
public sealed interface ShipEvent {
  /// A log is shipped from here on.
  ///
  /// @param fresh whether it begins here, with a base of its own
  record Shipping(LogName log, long from, String file, boolean fresh) implements ShipEvent {}

  /// The server is a replica: nothing is shipped until it leads.
  record StandingBy(String master) implements ShipEvent {}

  /// The server writes no append-only file: there is nothing to ship, and only bases are kept.
  record NoAppendOnlyFile() implements ShipEvent {}

  /// A piece is durable in the vault.
  record Sealed(LogName log, LogPiece piece) implements ShipEvent {}

  /// The base of a log is in the vault: from here on it can be restored.
  record BaseTaken(LogName log, Snapshot base) implements ShipEvent {}

  /// A log goes no further, and another one begins.
  record LogEnded(LogName log, long at, String why) implements ShipEvent {}

  /// The server or its files could not be used; they are tried again.
  record ServerFailing(ChrysalisException error) implements ShipEvent {}

  /// The vault could not be used; it is tried again, and the files are kept open meanwhile.
  record VaultFailing(ChrysalisException error) implements ShipEvent {}

  /// Another shipper seals the same log; this one goes on behind it.
  record Overtaken(LogName log, LogPiece piece) implements ShipEvent {}
}
