package dev.chrysalis.vault.pack;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.backend.Body;
import dev.chrysalis.vault.seal.Damage;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Stores chunks in packs and uploads these behind the callers' backs. Safe for many threads.
///
/// 1. In the caller's thread: hash the content. Known: done.
/// 2. In the caller's thread: compress it.
/// 3. Under the lock, briefly: reserve its place in the pack that is being filled. Where that is
///    full, close it and take a free buffer; where none is free, wait for an upload to end.
/// 4. In the caller's thread, outside the lock: encrypt it into its place.
/// 5. The last caller to leave a full pack starts a virtual thread that writes the footer, creates
///    the object, tells the sink, and gives the buffer back.
///
/// Kept: memory is the buffers, whatever is stored; a chunk's place is encrypted once, under a key
/// that only this pack has; the first failure stops everything, and every later call says it.
public final class Packer {
  /// Hears of every pack that is durable; called by many threads.
  public interface Sink {
    void stored(PackTable.Pack pack, ByteBuffer entries);
  }

  private final Backend backend;
  private final CodecPool codecs;
  private final SecureRandom random;
  private final String prefix;
  private final ChunkIndex index;
  private final PackTable packs;
  private final Sink sink;
  private final int packBytes;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<byte[]> free = new ArrayDeque<>();
  private int unmade;
  private int begun;
  private int uploading;
  private @Nullable OpenPack current;
  private volatile @Nullable ChrysalisException failure;

  private final LongAdder newBytes = new LongAdder();
  private final LongAdder storedBytes = new LongAdder();

  /// @param prefix `packs/STORE/ID/`
  /// @param packBytes the size of a pack and of each buffer
  /// @param buffers how many packs may be in memory, being filled or uploaded
  public Packer(
      Backend backend,
      CodecPool codecs,
      SecureRandom random,
      String prefix,
      ChunkIndex index,
      PackTable packs,
      Sink sink,
      int packBytes,
      int buffers) {
    if (packBytes < 2 * PackFormat.MOST_STORED || packBytes > PackFormat.MOST_BYTES) {
      throw new IllegalArgumentException("packs of " + packBytes + " bytes");
    }
    this.backend = backend;
    this.codecs = codecs;
    this.random = random;
    this.prefix = prefix;
    this.index = index;
    this.packs = packs;
    this.sink = sink;
    this.packBytes = packBytes;
    this.unmade = Math.max(2, buffers);
  }

  /// Stores content of 1 to `CHUNK_BYTES` bytes, unless it is known.
  public Chunk store(ByteBuffer content) {
    int length = content.remaining();
    if (length < 1 || length > SnapshotWriter.CHUNK_BYTES) {
      throw new IllegalArgumentException("a chunk of " + length + " bytes");
    }
    check();
    return codecs.lend(codec -> store(codec, content, length));
  }

  private Chunk store(ChunkCodec codec, ByteBuffer content, int length) {
    byte[] id = codec.take(content);
    ByteBuffer words = ByteBuffer.wrap(id);
    long high = words.getLong();
    long low = words.getLong();
    long place = index.find(high, low);
    if (place == ChunkIndex.NONE) {
      place = storeNew(codec, id, length);
      index.put(high, low, place);
      newBytes.add(length);
    }
    return new Chunk(
        HexFormat.of().formatHex(id),
        length,
        packs.get(ChunkIndex.packOf(place)).name(),
        ChunkIndex.offsetOf(place),
        ChunkIndex.storedLengthOf(place));
  }

  private long storeNew(ChunkCodec codec, byte[] id, int length) {
    int stored = codec.compress();
    OpenPack pack;
    int offset;
    lock.lock();
    try {
      pack = packWithRoom(stored);
      offset = pack.reserve(id, stored, length);
    } finally {
      lock.unlock();
    }
    boolean done = false;
    try {
      codec.encryptInto(pack.buffer, offset, pack.name, pack.key, id);
      done = true;
    } finally {
      left(pack, done);
    }
    return ChunkIndex.place(pack.number, offset, stored);
  }

  private OpenPack packWithRoom(int stored) {
    while (true) {
      check();
      OpenPack pack = current;
      if (pack != null && pack.hasRoomFor(stored)) {
        return pack;
      }
      closeCurrent();
      awaitWhile(() -> failure == null && free.isEmpty() && unmade == 0);
      // While it waited, another caller may have begun a pack.
      byte[] buffer = current == null ? freeBuffer() : null;
      if (buffer != null) {
        current = begin(buffer);
      }
    }
  }

  private byte @Nullable [] freeBuffer() {
    byte[] buffer = free.poll();
    if (buffer == null && unmade > 0) {
      buffer = new byte[packBytes];
      unmade--;
    }
    return buffer;
  }

  private OpenPack begin(byte[] buffer) {
    byte[] salt = new byte[8];
    random.nextBytes(salt);
    String name = prefix + "%06x-%s".formatted(begun++, HexFormat.of().formatHex(salt));
    return new OpenPack(packs.add(name, 0), name, codecs.keys().packKey(name), buffer);
  }

  private void closeCurrent() {
    OpenPack pack = current;
    current = null;
    if (pack != null) {
      pack.full = true;
      if (pack.pending == 0) {
        upload(pack);
      }
    }
  }

  private void left(OpenPack pack, boolean done) {
    lock.lock();
    try {
      pack.pending--;
      if (!done) {
        // A hole would stay in the pack: the snapshot cannot become whole any more.
        fail(new IllegalStateException("a chunk could not be encrypted"));
      }
      if (pack.full && pack.pending == 0) {
        upload(pack);
      }
    } finally {
      lock.unlock();
    }
  }

  private void upload(OpenPack pack) {
    uploading++;
    Thread.ofVirtual().name("upload-" + pack.name).start(() -> run(pack));
  }

  private void run(OpenPack pack) {
    Throwable error = null;
    try {
      if (failure == null) {
        create(pack);
      }
    } catch (RuntimeException | Error e) {
      error = e;
    }
    lock.lock();
    try {
      if (error != null) {
        fail(error);
      }
      uploading--;
      free.push(pack.buffer);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void create(OpenPack pack) {
    ByteBuffer entries = pack.entries();
    int size =
        PackFormat.writeFooter(
            codecs.keys(), pack.name, pack.key, pack.buffer, pack.used, entries.duplicate());
    Backend.Created created =
        backend.create(pack.name, Body.of(ByteBuffer.wrap(pack.buffer, 0, size)));
    // No other writer makes this name, so what exists is ours, if it is whole.
    if (created == Backend.Created.EXISTS && backend.size(pack.name).orElse(-1) != size) {
      throw Damage.damaged(pack.name, "it has another size than was written");
    }
    packs.sized(pack.number, size);
    storedBytes.add(size);
    sink.stored(packs.get(pack.number), entries);
  }

  /// Waits until all that was stored is durable. No `store` may be under way.
  public void flush() {
    lock.lock();
    try {
      closeCurrent();
      awaitWhile(() -> uploading > 0);
      check();
    } finally {
      lock.unlock();
    }
  }

  /// Gives up what is not uploaded, and waits for uploads under way to end.
  public void abandon() {
    lock.lock();
    try {
      if (failure == null) {
        failure = closed();
      }
      current = null;
      changed.signalAll();
      while (uploading > 0) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /// How much content was new.
  public long newBytes() {
    return newBytes.sum();
  }

  /// How much the packs take in the vault.
  public long storedBytes() {
    return storedBytes.sum();
  }

  /// Throws what went wrong in the background.
  public void check() {
    ChrysalisException failed = failure;
    if (failed != null) {
      String message = Objects.requireNonNullElse(failed.getMessage(), "storing failed");
      throw new ChrysalisException(failed.code(), message, failed.hint(), failed);
    }
  }

  private void fail(Throwable cause) {
    if (failure == null) {
      failure =
          cause instanceof ChrysalisException known
              ? known
              : new ChrysalisException(
                  VaultErrors.WRITER_CLOSED,
                  "storing a pack failed: " + cause,
                  "this is a fault of chrysalis; begin the snapshot again",
                  cause);
    }
    changed.signalAll();
  }

  /// Gives up the lock and waits, as long as the condition holds.
  private void awaitWhile(BooleanSupplier waiting) {
    try {
      while (waiting.getAsBoolean()) {
        changed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChrysalisException(
          VaultErrors.INTERRUPTED,
          "storing was interrupted while it waited for the vault",
          "begin the snapshot again; what was uploaded is used then",
          e);
    }
  }

  /// What every call says after the end.
  public static ChrysalisException closed() {
    return new ChrysalisException(
        VaultErrors.WRITER_CLOSED, "the snapshot's writer is closed", "begin another snapshot");
  }
}
