package dev.chrysalis.postgres.agent.wal;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.vault.LogExtent;
import dev.chrysalis.vault.LogName;
import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.LogStream;
import dev.chrysalis.vault.Snapshot;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.SnapshotWriter;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.vault.proof.SnapshotProver;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A vault in memory that can fail and forget, as far as logs and records go.
final class MemoryVault implements Vault {
  private final Map<LogName, MemoryLog> logs = new ConcurrentSkipListMap<>();
  private final NavigableMap<String, byte[]> records = new ConcurrentSkipListMap<>();
  private volatile @Nullable ErrorCode failure;

  /// All calls fail with that code until `recover`.
  void fail(ErrorCode code) {
    failure = code;
  }

  void recover() {
    failure = null;
  }

  private void mayFail() {
    ErrorCode code = failure;
    if (code != null) {
      throw new ChrysalisException(code, "the vault is away", "wait");
    }
  }

  @Override
  public SnapshotProver prover() {
    throw new UnsupportedOperationException("this vault proves nothing");
  }

  @Override
  public MemoryLog log(LogName name) {
    return logs.computeIfAbsent(name, MemoryLog::new);
  }

  @Override
  public List<LogName> logs(String store) {
    mayFail();
    return logs.values().stream()
        .filter(log -> !log.pieces.isEmpty() && log.name.store().equals(store))
        .map(log -> log.name)
        .toList();
  }

  @Override
  public RecordStore records() {
    return new RecordStore() {
      @Override
      public boolean create(String key, byte[] body) {
        mayFail();
        return records.putIfAbsent(key, body.clone()) == null;
      }

      @Override
      public Optional<byte[]> read(String key) {
        mayFail();
        return Optional.ofNullable(records.get(key));
      }

      @Override
      public List<String> keys(String prefix) {
        mayFail();
        return records.keySet().stream().filter(k -> k.startsWith(prefix)).toList();
      }
    };
  }

  @Override
  public SnapshotWriter beginSnapshot(String store) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Snapshot> snapshots(String store) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<SnapshotId> snapshotIds(String store) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SnapshotReader openSnapshot(String store, SnapshotId id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}

  final class MemoryLog implements LogStream {
    private final LogName name;
    private final NavigableMap<Long, LogPiece> pieces = new ConcurrentSkipListMap<>();
    private final Map<Long, byte[]> contents = new ConcurrentHashMap<>();

    MemoryLog(LogName name) {
      this.name = name;
    }

    /// The piece stays in the catalog and its content is gone.
    void loseContent(long from) {
      contents.remove(from);
    }

    /// The piece is gone from the catalog too.
    void losePiece(long from) {
      pieces.remove(from);
    }

    List<LogPiece> all() {
      return List.copyOf(pieces.values());
    }

    @Override
    public LogName name() {
      return name;
    }

    @Override
    public synchronized Appended append(
        long from, long to, ByteBuffer content, Map<String, String> facts) {
      mayFail();
      LogPiece there = pieces.get(from);
      if (there != null) {
        return new Appended.Taken(there);
      }
      if (!pieces.isEmpty() && from < pieces.lastEntry().getValue().to()) {
        throw new IllegalArgumentException("no place for a piece at " + from);
      }
      if (content.remaining() != to - from) {
        throw new IllegalArgumentException("content of another length");
      }
      byte[] bytes = new byte[content.remaining()];
      content.get(bytes);
      contents.put(from, bytes);
      LogPiece piece = new LogPiece(from, to, Instant.now(), facts);
      pieces.put(from, piece);
      return new Appended.Stored(piece);
    }

    @Override
    public List<LogExtent> extents() {
      mayFail();
      List<LogExtent> extents = new ArrayList<>();
      for (LogPiece piece : pieces.values()) {
        if (!extents.isEmpty() && extents.getLast().to() == piece.from()) {
          extents.set(extents.size() - 1, new LogExtent(extents.getLast().from(), piece.to()));
        } else {
          extents.add(new LogExtent(piece.from(), piece.to()));
        }
      }
      return extents;
    }

    @Override
    public Optional<LogPiece> newest() {
      mayFail();
      return Optional.ofNullable(pieces.lastEntry()).map(Map.Entry::getValue);
    }

    @Override
    public Stream<LogPiece> pieces(long from, long to) {
      mayFail();
      return all().stream().filter(p -> p.to() > from && p.from() < to);
    }

    @Override
    public InputStream open(LogPiece piece) {
      mayFail();
      byte[] content = contents.get(piece.from());
      if (content == null) {
        throw new ChrysalisException(VaultErrors.OBJECT_MISSING, "no such object", "look");
      }
      return new ByteArrayInputStream(content);
    }
  }
}
