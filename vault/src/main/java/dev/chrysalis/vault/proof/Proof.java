package dev.chrysalis.vault.proof;

import dev.chrysalis.vault.DamagedObject;
import dev.chrysalis.vault.LogRange;
import dev.chrysalis.vault.SnapshotId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What somebody proved of a snapshot, and when: the record that stays in the vault.
///
/// @param intact whether nothing was found wrong
/// @param by who proved it: `ana@bastion-1`
/// @param fraction how much of it was looked at, from 0 to 1
/// @param logs which stretches of which logs the proof covers
/// @param damaged what was found wrong; the first of it, where it is much
/// @param facts what else was measured, by name; short, no secrets
public record Proof(
    String store,
    SnapshotId snapshot,
    Level level,
    boolean intact,
    Instant at,
    String by,
    double fraction,
    List<LogRange> logs,
    List<DamagedObject> damaged,
    Map<String, String> facts) {
  public Proof {
    logs = List.copyOf(logs);
    damaged = List.copyOf(damaged);
    facts = Map.copyOf(facts);
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("not a fraction from 0 to 1: " + fraction);
    }
    if (intact && !damaged.isEmpty()) {
      throw new IllegalArgumentException("damage and the word 'intact' contradict each other");
    }
  }

  /// How much is proved, each level more than the one before it.
  public enum Level {
    /// Everything is there, by listing.
    STORED,
    /// Bytes were read back, authenticated and hashed.
    VERIFIED,
    /// A server started on it.
    RESTORED,
    /// And answered questions about its content; or, without a server, its own classes read all of
    /// it.
    QUERIED;

    /// As it stands in keys and in output.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// The proof that an inspection of a request is.
  public static Proof of(ProofRequest request, Inspection found, Instant at, String by) {
    double fraction = request.sample().fraction();
    return new Proof(
        request.store(),
        request.snapshot(),
        fraction > 0 ? Level.VERIFIED : Level.STORED,
        found.intact(),
        at,
        by,
        fraction,
        request.logs(),
        found.damaged(),
        Map.of(
            "seed", Long.toString(request.sample().seed()),
            "bytes", Long.toString(found.bytes()),
            "chunks", Long.toString(found.chunks()),
            "packs", Long.toString(found.packs()),
            "pieces", Long.toString(found.pieces()),
            "damagedObjects", Long.toString(found.damagedObjects()),
            "damagedFiles", Long.toString(found.damagedFiles())));
  }
}
