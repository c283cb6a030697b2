package dev.chrysalis.lab.ledger;

/// Writes one item through one replica.
@FunctionalInterface
public interface ItemWriter {
  /// Returns true only when the write was acknowledged as committed; false whatever else happened,
  /// which leaves open whether it was.
  boolean write(long id, String value) throws InterruptedException;
}
