package dev.chrysalis.vault.snapshot;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.pack.ChunkReader;
import dev.chrysalis.vault.pack.CodecPool;
import dev.chrysalis.vault.pack.PackTable;
import dev.chrysalis.vault.seal.Damage;
import dev.chrysalis.vault.seal.ObjectType;
import dev.chrysalis.vault.seal.SealedObjects;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// A snapshot opened for reading: its manifest is read as it goes, its chunks through windows of
/// bounded memory.
public final class PackedSnapshotReader implements SnapshotReader {
  private final SealedObjects objects;
  private final StoreKeys keys;
  private final Snapshot snapshot;
  private final ChunkReader chunks;
  private volatile @Nullable Map<String, Long> packs;

  public PackedSnapshotReader(
      SealedObjects objects, CodecPool codecs, Snapshot snapshot, long cacheBytes) {
    this.objects = objects;
    this.keys = new StoreKeys(snapshot.store());
    this.snapshot = snapshot;
    this.chunks = new ChunkReader(objects.backend(), codecs, cacheBytes);
  }

  @Override
  public Snapshot snapshot() {
    return snapshot;
  }

  @Override
  public Stream<FileEntry> entries() {
    ManifestReader reader = manifest();
    int traits = Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.DISTINCT;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(reader, traits), false)
        .onClose(reader::close);
  }

  @Override
  public void read(Chunk chunk, ByteBuffer into) {
    Long known = packs().get(chunk.pack());
    try {
      chunks.read(chunk, known == null ? sizeOf(chunk.pack()) : known, into);
    } catch (ChrysalisException e) {
      if (e.code().equals(VaultErrors.OBJECT_MISSING) && known != null) {
        throw incomplete(e);
      }
      throw e;
    }
  }

  @Override
  public boolean matches(Chunk chunk, ByteBuffer content) {
    return chunks.matches(chunk, content);
  }

  @Override
  public List<String> missingPacks() {
    Map<String, Long> listed =
        objects.list(keys.packs()).stream()
            .collect(Collectors.toMap(Backend.Listed::key, Backend.Listed::size));
    return packs().entrySet().stream()
        .filter(pack -> !pack.getValue().equals(listed.get(pack.getKey())))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  @Override
  public void close() {}

  /// The packs that the snapshot needs, with their sizes.
  public Map<String, Long> packs() {
    Map<String, Long> known = packs;
    if (known == null) {
      known = new HashMap<>();
      try (ManifestReader reader = manifest()) {
        for (PackTable.Pack pack : reader.packs()) {
          known.put(pack.name(), pack.size());
        }
      }
      packs = known;
    }
    return known;
  }

  private ManifestReader manifest() {
    String key = keys.manifest(snapshot.id());
    long size =
        objects
            .backend()
            .size(key)
            .orElseThrow(() -> lacks("its manifest, " + key, Damage.missing(key)));
    var sealed = objects.open(key, ObjectType.MANIFEST, size, Long.MAX_VALUE);
    try {
      return new ManifestReader(key, sealed, keys.packs());
    } catch (RuntimeException e) {
      sealed.close();
      throw e;
    }
  }

  private long sizeOf(String pack) {
    if (!pack.startsWith(keys.packs())) {
      throw new IllegalArgumentException("not a pack of " + keys.store() + ": " + pack);
    }
    return objects.backend().size(pack).orElseThrow(() -> Damage.missing(pack));
  }

  private ChrysalisException incomplete(ChrysalisException cause) {
    List<String> missing = missingPacks();
    if (missing.isEmpty()) {
      return cause;
    }
    return lacks(
        "%d of %d packs, the first is %s"
            .formatted(missing.size(), packs().size(), missing.getFirst()),
        cause);
  }

  private ChrysalisException lacks(String what, ChrysalisException cause) {
    return new ChrysalisException(
        VaultErrors.SNAPSHOT_INCOMPLETE,
        "snapshot " + snapshot.id() + " of " + keys.store() + " lacks " + what,
        "bring the missing objects back from a copy of the vault, or use another restore point",
        cause);
  }
}
