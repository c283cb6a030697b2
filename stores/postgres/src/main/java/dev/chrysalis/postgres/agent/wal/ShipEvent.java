package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.postgres.Lsn;
import dev.chrysalis.vault.LogPiece;

/// What happened to a shipper. `Gap`, `SlotLost` and `Conflict` are alarms.
public sealed interface ShipEvent {
  /// WAL of a timeline is streamed from here on.
  record Shipping(long system, int timeline, Lsn from) implements ShipEvent {}

  /// The server is a standby: its slot is kept, nothing is shipped.
  record StandingBy(int timeline) implements ShipEvent {}

  /// A piece is durable in the vault.
  record Sealed(int timeline, LogPiece piece) implements ShipEvent {}

  /// A timeline is complete up to where the next one left it.
  record TimelineEnded(int timeline, Lsn end) implements ShipEvent {}

  /// WAL from `from` to `to` is gone: nothing can be restored across it, and a new base backup is
  /// needed.
  record Gap(int timeline, Lsn from, Lsn to, String why) implements ShipEvent {}

  /// The server dropped what the slot kept; the slot was made anew.
  record SlotLost(String slot) implements ShipEvent {}

  /// The server's log and the vault's differ where they should be the same. Nothing is shipped
  /// until that is resolved.
  record Conflict(ChrysalisException error) implements ShipEvent {}

  /// The server could not be used; it is tried again.
  record ServerFailing(ChrysalisException error) implements ShipEvent {}

  /// The vault could not be used; it is tried again, and the server keeps the WAL meanwhile.
  record VaultFailing(ChrysalisException error) implements ShipEvent {}

  /// Another shipper seals the same log; this one goes on behind it.
  record Overtaken(int timeline, LogPiece piece) implements ShipEvent {}
}
