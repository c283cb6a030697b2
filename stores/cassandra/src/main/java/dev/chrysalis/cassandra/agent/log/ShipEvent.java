package dev.chrysalis.cassandra.agent.log;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.Snapshot;

/// What happened to a shipper. `LogEnded` is worth an alarm.
public sealed interface ShipEvent {
  /// A log is shipped from here on.
  ///
  /// @param needsBase whether there is no base of it yet: one is taken
  record Shipping(LogName log, String segment, long from, boolean needsBase) implements ShipEvent {}

  record Sealed(LogName log, LogPiece piece) implements ShipEvent {}

  /// The base of a log is in the vault.
  record BaseTaken(LogName log, Snapshot base) implements ShipEvent {}

  /// The log ends here; another one begins.
  record LogEnded(LogName log, String why) implements ShipEvent {}

  /// Another shipper of this member is at work.
  record Overtaken(LogName log) implements ShipEvent {}

  record VaultFailing(ChrysalisException error) implements ShipEvent {}

  record NodeFailing(ChrysalisException error) implements ShipEvent {}
}
