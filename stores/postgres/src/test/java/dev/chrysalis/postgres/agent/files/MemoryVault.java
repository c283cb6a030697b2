package dev.chrysalis.postgres.agent.files;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogStream;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.proof.SnapshotProver;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// A vault in memory for snapshots, which can lose packs and break off reading.
final class MemoryVault implements Vault {
  private final ConcurrentMap<String, byte[]> chunks = new ConcurrentHashMap<>();
  private final Map<SnapshotId, Stored> stored = new ConcurrentSkipListMap<>();
  private final AtomicLong names = new AtomicLong(1);
  private volatile long readsUntilFailure = Long.MAX_VALUE;
  private volatile List<String> missing = List.of();
  private final AtomicLong reads = new AtomicLong();

  private record Stored(Snapshot snapshot, List<FileEntry> entries) {}

  /// Lets reading fail from the nth chunk on; 0 mends it.
  void failReadingAfter(long chunksRead) {
    reads.set(0);
    readsUntilFailure = chunksRead == 0 ? Long.MAX_VALUE : chunksRead;
  }

  long chunksRead() {
    return reads.get();
  }

  void losePacks(String... packs) {
    missing = List.of(packs);
  }

  /// A snapshot made by hand.
  SnapshotId plant(Map<String, String> facts, FileEntry... entries) {
    Writer writer = new Writer("postgres");
    for (FileEntry entry : entries) {
      writer.add(entry);
    }
    return writer.commit(facts).id();
  }

  @Override
  public SnapshotWriter beginSnapshot(String store) {
    return new Writer(store);
  }

  @Override
  public List<Snapshot> snapshots(String store) {
    return stored.values().stream().map(Stored::snapshot).toList();
  }

  @Override
  public List<SnapshotId> snapshotIds(String store) {
    return List.copyOf(stored.keySet());
  }

  @Override
  public SnapshotReader openSnapshot(String store, SnapshotId id) {
    Stored found = stored.get(id);
    if (found == null) {
      throw new ChrysalisException(VaultErrors.NO_SUCH_SNAPSHOT, "none " + id, "choose another");
    }
    return new Reader(found);
  }

  @Override
  public SnapshotProver prover() {
    throw new UnsupportedOperationException("this vault proves nothing");
  }

  @Override
  public LogStream log(LogName name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<LogName> logs(String store) {
    return List.of();
  }

  @Override
  public RecordStore records() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private final class Writer implements SnapshotWriter {
    private final String store;
    private final SnapshotId id =
        new SnapshotId("20261123t021530z-%06x".formatted(names.getAndIncrement()));
    private final ConcurrentLinkedQueue<FileEntry> entries = new ConcurrentLinkedQueue<>();
    private final AtomicLong newBytes = new AtomicLong();

    private Writer(String store) {
      this.store = store;
    }

    @Override
    public SnapshotId id() {
      return id;
    }

    @Override
    public Chunk store(ByteBuffer content) {
      byte[] bytes = new byte[content.remaining()];
      content.get(bytes);
      String hash = hash(bytes);
      if (chunks.putIfAbsent(hash, bytes) == null) {
        newBytes.addAndGet(bytes.length);
      }
      return new Chunk(hash, bytes.length, "pack", 0, bytes.length);
    }

    @Override
    public void add(FileEntry entry) {
      entries.add(entry);
    }

    @Override
    public Snapshot commit(Map<String, String> facts) {
      Map<String, FileEntry> sorted = new TreeMap<>(Comparator.naturalOrder());
      entries.forEach(entry -> sorted.put(entry.path(), entry));
      if (sorted.size() != entries.size()) {
        throw new IllegalStateException("an entry was added twice");
      }
      long bytes = sorted.values().stream().mapToLong(FileEntry::size).sum();
      Instant now = Instant.EPOCH;
      Snapshot snapshot =
          new Snapshot(
              id, store, now, now, facts, sorted.size(), bytes, newBytes.get(), newBytes.get());
      stored.put(id, new Stored(snapshot, new ArrayList<>(sorted.values())));
      return snapshot;
    }

    @Override
    public void close() {}
  }

  private final class Reader implements SnapshotReader {
    private final Stored of;

    private Reader(Stored of) {
      this.of = of;
    }

    @Override
    public Snapshot snapshot() {
      return of.snapshot;
    }

    @Override
    public Stream<FileEntry> entries() {
      return of.entries.stream();
    }

    @Override
    public void read(Chunk chunk, ByteBuffer into) {
      if (reads.incrementAndGet() > readsUntilFailure) {
        throw new ChrysalisException(VaultErrors.UNREACHABLE, "broken off", "test");
      }
      into.put(chunks.getOrDefault(chunk.id(), new byte[0]));
    }

    @Override
    public boolean matches(Chunk chunk, ByteBuffer content) {
      byte[] bytes = new byte[content.remaining()];
      content.duplicate().get(bytes);
      return hash(bytes).equals(chunk.id());
    }

    @Override
    public List<String> missingPacks() {
      return missing;
    }

    @Override
    public void close() {}
  }
}
