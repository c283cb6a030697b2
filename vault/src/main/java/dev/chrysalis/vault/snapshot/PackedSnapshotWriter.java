package dev.chrysalis.vault.snapshot;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.VaultOptions;
import dev.chrysalis.vault.pack.ChunkIndex;
import dev.chrysalis.vault.pack.CodecPool;
import dev.chrysalis.vault.pack.IndexLoader;
import dev.chrysalis.vault.pack.IndexWriter;
import dev.chrysalis.vault.pack.Packer;
import dev.chrysalis.vault.seal.ObjectType;
import dev.chrysalis.vault.seal.SealedObjects;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// Writes a snapshot in the order that `docs/format.md` gives: session, packs, index, manifest,
/// catalog record.
///
/// Kept: nothing is visible before the catalog record, and when that is there everything else is.
public final class PackedSnapshotWriter implements SnapshotWriter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd't'HHmmss'z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int NAMES_TRIED = 8;

  private enum State {
    OPEN,
    COMMITTING,
    CLOSED
  }

  private final SealedObjects objects;
  private final StoreKeys keys;
  private final Clock clock;
  private final Instant started;
  private final SnapshotId id;
  private final IndexWriter newIndex;
  private final ManifestWriter manifest;
  private final Packer packer;

  /// Callers of `store` and `add` share it; `commit` and `close` take it alone to change the state.
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  private State state = State.OPEN;

  /// Begins a session: creates it, then learns what the store has.
  public PackedSnapshotWriter(
      SealedObjects objects, CodecPool codecs, String store, VaultOptions options, Clock clock) {
    this.objects = objects;
    this.keys = new StoreKeys(store);
    this.clock = clock;
    this.started = clock.instant();
    this.id = createSession();
    this.newIndex = new IndexWriter(objects, keys.index(id), keys.packs(), options.spool());
    try {
      IndexLoader loader = new IndexLoader(objects, store, options.notices());
      ChunkIndex index = loader.load(newIndex);
      this.manifest = new ManifestWriter(objects, loader.packs(), options.spool());
      this.packer =
          new Packer(
              objects.backend(),
              codecs,
              objects.random(),
              keys.packs(id),
              index,
              loader.packs(),
              newIndex,
              options.packBytes(),
              options.packsInMemory());
    } catch (RuntimeException e) {
      newIndex.close();
      throw e;
    }
  }

  @Override
  public SnapshotId id() {
    return id;
  }

  @Override
  public Chunk store(ByteBuffer content) {
    lock.readLock().lock();
    try {
      checkOpen();
      return packer.store(content);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void add(FileEntry entry) {
    lock.readLock().lock();
    try {
      checkOpen();
      packer.check();
      manifest.add(entry);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public Snapshot commit(Map<String, String> facts) {
    lock.writeLock().lock();
    try {
      checkOpen();
      state = State.COMMITTING;
      packer.flush();
      newIndex.create();
      manifest.create(keys.manifest(id), keys.packs());
      Snapshot snapshot =
          new Snapshot(
              id,
              keys.store(),
              started,
              clock.instant(),
              facts,
              manifest.files(),
              manifest.bytes(),
              packer.newBytes(),
              packer.storedBytes());
      publish(snapshot);
      return snapshot;
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (state != State.CLOSED) {
        state = State.CLOSED;
        packer.abandon();
        try (newIndex) {
          manifest.close();
        }
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void publish(Snapshot snapshot) {
    String key = keys.catalog(id);
    byte[] record = CatalogRecord.write(snapshot, manifest.packs());
    if (!objects.create(key, objects.seal(key, ObjectType.CATALOG, record))) {
      throw new ChrysalisException(
          VaultErrors.SESSION_ABANDONED,
          "the session " + id + " of " + keys.store() + " was closed as dead before it ended",
          "begin the snapshot again; what was uploaded is used where it is still there");
    }
  }

  private void checkOpen() {
    if (state != State.OPEN) {
      throw Packer.closed();
    }
  }

  private SnapshotId createSession() {
    for (int i = 0; i < NAMES_TRIED; i++) {
      byte[] random = new byte[3];
      objects.random().nextBytes(random);
      SnapshotId name =
          new SnapshotId(TIME.format(started) + "-" + HexFormat.of().formatHex(random));
      String key = keys.session(name);
      byte[] record = ("{\"started\":\"" + started + "\"}").getBytes(StandardCharsets.UTF_8);
      if (objects.create(key, objects.seal(key, ObjectType.SESSION, record))) {
        return name;
      }
    }
    throw new ChrysalisException(
        VaultErrors.WRITER_CLOSED,
        "no name was free for a session of " + keys.store(),
        "check that this machine's random numbers are random");
  }
}
