package dev.chrysalis.lab.ledger;

/// Writes one rim through one replica.
@FunctionalInterface
public interface RimWriter {
  /// Returns true only when the write was acknowledged as committed; false whatever else happened,
  /// which leaves open whether it was.
  boolean write(long id, String value) throws InterruptedException;
}
