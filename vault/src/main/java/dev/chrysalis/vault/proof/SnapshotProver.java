package dev.chrysalis.vault.proof;

import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.LogRange;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.log.LogInspector;
import dev.chrysalis.vault.pack.CodecPool;
import dev.chrysalis.vault.pack.Footers;
import dev.chrysalis.vault.seal.Damage;
import dev.chrysalis.vault.seal.Damages;
import dev.chrysalis.vault.seal.SealedObjects;
import dev.chrysalis.vault.snapshot.Catalog;
import dev.chrysalis.vault.snapshot.PackedSnapshotReader;
import dev.chrysalis.vault.snapshot.StoreKeys;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Gatherers;
import java.util.stream.Stream;

/// Proves that a snapshot, and the logs behind it, are in the vault whole and authentic, by reading
/// them as a restore would:
///
/// 1. the catalog's record and the manifest are read to their ends;
/// 2. a listing shows whether every pack is there with its size; the footers of the sample's packs
///    are read;
/// 3. the sample's chunks are read, authenticated and hashed, file by file;
/// 4. of every piece of the logs the header is read, so that a missing one shows, and of the
///    sample's pieces all content.
///
/// Kept: damage does not end a proof, it is collected and each object named; an error that is no
/// damage (the vault cannot be reached) ends it, and nothing is proved. Memory: a buffer for each
/// thread, the reader's windows, the table of packs, and the names of what is damaged. What no
/// restore reads (sessions, indexes) is not looked at. Safe for many threads.
public final class SnapshotProver {
  /// How many damaged objects a proof names; the others are counted.
  public static final int MOST_NAMED = 100;

  private static final int CHUNKS_AT_ONCE = 64;

  private final SealedObjects objects;
  private final CodecPool codecs;
  private final long cacheBytes;

  public SnapshotProver(SealedObjects objects, CodecPool codecs, long cacheBytes) {
    this.objects = objects;
    this.codecs = codecs;
    this.cacheBytes = cacheBytes;
  }

  /// Hears how far a proof is; called by many threads.
  public interface Progress {
    /// @param total about how much there is to read; with a sample an estimate
    void read(long bytes, long total);
  }

  /// Proves. `NO_SUCH_SNAPSHOT` where there is none.
  public Inspection prove(ProofRequest request, Progress progress) {
    Reading reading = new Reading(request, progress);
    StoreKeys keys = new StoreKeys(request.store());
    String record = keys.catalog(request.snapshot());
    List<Snapshot> found = new ArrayList<>();
    Catalog catalog = new Catalog(objects, request.store());
    reading.damages.without(record, () -> found.add(catalog.snapshot(request.snapshot())));
    LogInspector inspector = new LogInspector(objects, request.sample()::takes, request.threads());
    List<LogInspector.Extent> extents =
        request.logs().stream().flatMap(range -> extent(inspector, range, reading)).toList();
    reading.expect(found, extents);
    found.forEach(snapshot -> prove(snapshot, keys, reading));
    extents.forEach(extent -> inspector.inspect(extent, reading::readPiece, reading.damages));
    return reading.end();
  }

  private static Stream<LogInspector.Extent> extent(
      LogInspector inspector, LogRange range, Reading reading) {
    List<LogInspector.Extent> found = new ArrayList<>();
    reading.damages.without(
        LogInspector.keyAt(range), () -> found.add(inspector.extent(range, reading.damages)));
    return found.stream();
  }

  private void prove(Snapshot snapshot, StoreKeys keys, Reading reading) {
    String manifest = keys.manifest(snapshot.id());
    boolean whole =
        reading.damages.without(
            manifest,
            () -> {
              try (var reader = new PackedSnapshotReader(objects, codecs, snapshot, cacheBytes)) {
                provePacks(reader, reading);
                proveFiles(reader, reading);
              }
            });
    if (!whole) {
      reading.damagedFiles = snapshot.files();
    }
  }

  private void provePacks(PackedSnapshotReader reader, Reading reading) {
    Map<String, Long> packs = reader.packs();
    reading.packs = packs.size();
    for (String missing : reader.missingPacks()) {
      reading.missing.add(missing);
      reading.damages.add(missing, "it is missing, or has another size than was written");
    }
    packs.entrySet().stream()
        .filter(pack -> !reading.missing.contains(pack.getKey()))
        .filter(pack -> reading.request.sample().takes(pack.getKey()))
        .gather(
            Gatherers.mapConcurrent(
                reading.request.threads(),
                pack ->
                    reading.damages.without(
                        pack.getKey(),
                        () -> Footers.check(objects, pack.getKey(), pack.getValue()))))
        .forEach(done -> {});
  }

  private void proveFiles(PackedSnapshotReader reader, Reading reading) {
    String[] lastDamaged = {""};
    try (Stream<FileEntry> entries = reader.entries()) {
      entries
          .flatMap(SnapshotProver::parts)
          .gather(
              Gatherers.mapConcurrent(
                  reading.request.threads(),
                  part -> new Read(part, reading.readChunks(reader, part))))
          .filter(read -> !read.whole())
          .forEach(read -> {
            // Parts come in the order of the manifest, so those of a file follow each other.
            String path = read.part().path();
            if (!path.equals(lastDamaged[0])) {
              reading.damagedFiles++;
              lastDamaged[0] = path;
            }
          });
    }
  }

  private record Part(String path, List<Chunk> chunks) {}

  private record Read(Part part, boolean whole) {}

  private static Stream<Part> parts(FileEntry entry) {
    List<Chunk> all = entry.chunks();
    List<Part> parts = new ArrayList<>();
    for (int at = 0; at < all.size(); at += CHUNKS_AT_ONCE) {
      parts.add(new Part(entry.path(), all.subList(at, Math.min(at + CHUNKS_AT_ONCE, all.size()))));
    }
    return parts.stream();
  }

  /// What one proof has read so far.
  private static final class Reading {
    final ProofRequest request;
    final Damages damages = new Damages();
    final Set<String> missing = new HashSet<>();
    long packs;
    long damagedFiles;
    private final Progress progress;
    private long total;
    private long bytes;
    private long chunks;
    private long pieces;

    Reading(ProofRequest request, Progress progress) {
      this.request = request;
      this.progress = progress;
    }

    void expect(List<Snapshot> snapshots, List<LogInspector.Extent> extents) {
      long content = snapshots.stream().mapToLong(Snapshot::bytes).sum();
      long logs = extents.stream().mapToLong(LogInspector.Extent::bytes).sum();
      total = Math.round((content + logs) * request.sample().fraction());
      pieces = extents.stream().mapToLong(LogInspector.Extent::pieces).sum();
    }

    /// Reads the sample of some chunks; false where any of them is damaged, or lies in a pack that
    /// is missing, sample or not.
    boolean readChunks(PackedSnapshotReader reader, Part part) {
      ByteBuffer buffer = ByteBuffer.allocate(SnapshotWriter.CHUNK_BYTES);
      boolean whole = true;
      for (Chunk chunk : part.chunks()) {
        if (missing.contains(chunk.pack())) {
          whole = false;
        } else if (request.sample().takes(chunk.id())) {
          whole &= damages.without(chunk.pack(), () -> readAndHash(reader, chunk, buffer));
          readChunk(chunk.length());
        }
      }
      return whole;
    }

    /// A restore is content with what authenticates the stored bytes; a proof hashes what they
    /// hold.
    private static void readAndHash(PackedSnapshotReader reader, Chunk chunk, ByteBuffer buffer) {
      reader.read(chunk, buffer.clear());
      if (!reader.matches(chunk, buffer.flip())) {
        throw Damage.damaged(
            chunk.pack(), "the chunk at " + chunk.offset() + " is not the one that was stored");
      }
    }

    private synchronized void readChunk(int length) {
      chunks++;
      readPiece(length);
    }

    synchronized void readPiece(long length) {
      bytes += length;
      progress.read(bytes, Math.max(total, bytes));
    }

    synchronized Inspection end() {
      return new Inspection(
          bytes, chunks, packs, pieces, damages.first(MOST_NAMED), damages.count(), damagedFiles);
    }
  }
}
