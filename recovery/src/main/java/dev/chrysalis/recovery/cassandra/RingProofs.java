package dev.chrysalis.recovery.cassandra;

import dev.chrysalis.cassandra.control.RestorePoints.Point;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.proof.Proof;
import dev.chrysalis.vault.proof.Proofs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What was proved of a ring's restore points. Bytes are read snapshot by snapshot, and each has a
/// proof of its own; a restore is of the whole ring, and its proof is kept under the newest of
/// them: an older one may be a part of other backups, too, where its node was left out of these.
///
/// @param store the datastore's name
public record RingProofs(Proofs proofs, String store) {
  private static final Comparator<Proof> BY_TIME = Comparator.comparing(Proof::at);
  private static final Comparator<Proof> BY_EXTENT =
      Comparator.comparingDouble(Proof::fraction).thenComparing(BY_TIME);

  /// One proof of each level: the newest that failed, or else the one that tells how much of the
  /// ring is proved, and since when.
  public Collection<Proof> of(Point point) {
    Map<Proof.Level, List<Proof>> found = new EnumMap<>(Proof.Level.class);
    for (String snapshot : point.snapshots()) {
      proofs
          .newest(store, new SnapshotId(snapshot))
          .forEach(
              (level, proof) -> found.computeIfAbsent(level, _ -> new ArrayList<>()).add(proof));
    }
    return found.values().stream().flatMap(level -> one(level, point).stream()).toList();
  }

  private static Optional<Proof> one(List<Proof> found, Point point) {
    return switch (found.getFirst().level()) {
      case RESTORED, QUERIED -> found.stream().filter(p -> isOf(p, point)).max(BY_TIME);
      case STORED, VERIFIED ->
          found.stream()
              .filter(proof -> !proof.intact())
              .max(BY_TIME)
              .or(() -> found.stream().min(BY_EXTENT).filter(_ -> found.size() == point.nodes()));
    };
  }

  private static boolean isOf(Proof proof, Point point) {
    return point.snapshots().stream()
        .max(Comparator.naturalOrder())
        .filter(proof.snapshot().value()::equals)
        .isPresent();
  }
}
