package dev.chrysalis.vault.proof;

import dev.chrysalis.model.RecordStore;
import dev.chrysalis.vault.SnapshotId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// The proofs that are kept in a vault, as records `proofs/STORE/SNAPSHOT/TIME-LEVEL-RANDOM`. They
/// go when prune removes their snapshot. Safe for many threads.
public final class Proofs {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd't'HHmmss'z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final RecordStore records;
  private final RandomGenerator random;

  public Proofs(RecordStore records, RandomGenerator random) {
    this.records = records;
    this.random = random;
  }

  /// The beginning of the keys of a snapshot's proofs.
  public static String prefix(String store, SnapshotId snapshot) {
    return prefix(store) + snapshot + "/";
  }

  private static String prefix(String store) {
    return "proofs/" + store + "/";
  }

  /// Keeps a proof, whatever its outcome.
  public void keep(Proof proof) {
    byte[] body = ProofText.write(proof);
    String name =
        prefix(proof.store(), proof.snapshot())
            + TIME.format(proof.at())
            + "-"
            + proof.level().word()
            + "-";
    while (!records.create(name + "%06x".formatted(random.nextInt(1 << 24)), body)) {
      // Another proof of the same second drew the same number.
    }
  }

  /// All proofs of a snapshot, oldest first; those of levels that this program does not know are
  /// left out.
  public List<Proof> of(String store, SnapshotId snapshot) {
    return records.keys(prefix(store, snapshot)).stream()
        .flatMap(key -> read(key, store, snapshot).stream())
        .toList();
  }

  private Optional<Proof> read(String key, String store, SnapshotId snapshot) {
    return records.read(key).flatMap(body -> ProofText.read(key, store, snapshot, body));
  }

  /// What a key says of the proof itself: TIME-LEVEL-RANDOM.
  private static String name(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  private static SnapshotId snapshot(String prefix, String key) {
    return new SnapshotId(key.substring(prefix.length(), key.lastIndexOf('/')));
  }

  /// The newest proof of each level, whatever its outcome.
  public Map<Proof.Level, Proof> newest(String store, SnapshotId snapshot) {
    Map<Proof.Level, Proof> newest = new EnumMap<>(Proof.Level.class);
    of(store, snapshot).forEach(proof -> newest.put(proof.level(), proof));
    return newest;
  }

  /// The newest proof of a store that is of one of these levels and that counts, of whichever
  /// snapshot that is there.
  public Optional<Proof> newestOf(
      String store, Collection<Proof.Level> levels, Predicate<Proof> counts) {
    String prefix = prefix(store);
    return records.keys(prefix).stream()
        .sorted(Comparator.comparing(Proofs::name).reversed())
        .filter(key -> levels.stream().anyMatch(l -> name(key).contains("-" + l.word() + "-")))
        .flatMap(key -> read(key, store, snapshot(prefix, key)).stream())
        .filter(counts)
        .findFirst();
  }

  /// The newest proof of a level, whatever its outcome.
  public Optional<Proof> newest(String store, SnapshotId snapshot, Proof.Level level) {
    return Optional.ofNullable(newest(store, snapshot).get(level));
  }
}
