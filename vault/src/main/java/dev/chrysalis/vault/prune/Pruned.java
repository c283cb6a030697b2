package dev.chrysalis.vault.prune;

/// What a prune did, or would do.
///
/// @param snapshots how many snapshots were made invisible
/// @param sessions how many dead sessions were closed
/// @param packs how many packs went, with their bytes
/// @param pieces how many pieces of logs went, with their bytes
/// @param locked how many objects the store's lock held back; a later prune takes them
/// @param waitingFor how many sessions are still open that may need what is marked: where it is not
///   0, no pack was deleted
/// @param records how many small records went that nobody reads any more
public record Pruned(
    long snapshots,
    long sessions,
    long packs,
    long packBytes,
    long pieces,
    long pieceBytes,
    long locked,
    int waitingFor,
    long records) {
  /// The same, after so many small records went too.
  public Pruned withRecords(long gone) {
    return new Pruned(
        snapshots, sessions, packs, packBytes, pieces, pieceBytes, locked, waitingFor, gone);
  }
}
