package dev.chrysalis.cassandra.agent.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.cassandra.agent.files.TableFile;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.vault.Chunk;
import dev.chrysalis.vault.FileEntry;
import dev.chrysalis.vault.SnapshotId;
import dev.chrysalis.vault.SnapshotReader;
import dev.chrysalis.vault.Vault;
import dev.chrysalis.vault.VaultErrors;
import dev.chrysalis.volumes.EarlySync;
import dev.chrysalis.volumes.FileWriter;
import dev.chrysalis.volumes.ParallelWork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The tables of a ring's backup: those of each node's snapshot. Memory: the names of tables, and
/// of the table that is fetched 256 KiB a thread.
public final class SnapshotTables implements LoadSource {
  private static final Pattern SCHEMA =
      Pattern.compile("schema/([A-Za-z0-9_]+)/([A-Za-z0-9_]+-[0-9a-f]{32})\\.cql");
  private static final long LONGEST_SCHEMA = 1L << 20;
  private static final int PRIVATE = 0700;

  private final Vault vault;
  private final String store;
  private final Map<MemberId, SnapshotId> nodes;
  private final int threads;
  private final SortedMap<TableName, Long> tables = new TreeMap<>();
  private final Map<TableName, Set<String>> ids = new TreeMap<>();
  private RingSchema schema = new RingSchema(List.of());

  private SnapshotTables(Vault vault, String store, Map<MemberId, SnapshotId> nodes, int threads) {
    this.vault = vault;
    this.store = store;
    this.nodes = new TreeMap<>(nodes);
    this.threads = threads;
  }

  /// Looks through the snapshots; reads their lists of files, and the schema.
  ///
  /// @param nodes a snapshot of each node of the ring
  public static SnapshotTables of(
      Vault vault, String store, Map<MemberId, SnapshotId> nodes, int threads) {
    SnapshotTables source = new SnapshotTables(vault, store, nodes, threads);
    source.nodes.values().forEach(source::look);
    source.requireOne();
    return source;
  }

  private void look(SnapshotId id) {
    try (SnapshotReader reader = vault.openSnapshot(store, id);
        Stream<FileEntry> entries = reader.entries()) {
      requireWhole(id, reader);
      for (FileEntry entry : (Iterable<FileEntry>) entries::iterator) {
        TableFile.parse(entry.path())
            .filter(SnapshotTables::isData)
            .ifPresent(file -> add(file, entry.size()));
        Matcher made = SCHEMA.matcher(entry.path());
        if (made.matches()) {
          schema = schema.and(RingSchema.parse(text(reader, entry)));
        }
      }
    }
  }

  /// The nodes' snapshots are not of exactly the same moment.
  private void requireOne() {
    Set<String> disputed = new TreeSet<>(schema.disputed());
    ids.forEach((table, all) -> {
      if (all.size() > 1) {
        disputed.add(table + " with " + all.size() + " ids");
      }
    });
    if (!disputed.isEmpty()) {
      throw new ChrysalisException(
          CassandraErrors.TABLES_CHANGED,
          "the schema changed while the backup was taken: " + disputed,
          "nothing was touched; choose another backup: chrysalis restore-points");
    }
  }

  private static void requireWhole(SnapshotId id, SnapshotReader reader) {
    int missing = reader.missingPacks().size();
    if (missing > 0) {
      throw new ChrysalisException(
          VaultErrors.SNAPSHOT_INCOMPLETE,
          "snapshot %s lacks %d packs".formatted(id, missing),
          "nothing was touched; choose another backup: chrysalis restore-points");
    }
  }

  private static String text(SnapshotReader reader, FileEntry entry) {
    if (entry.size() > LONGEST_SCHEMA) {
      throw new ChrysalisException(
          CassandraErrors.STRANGE_PATH,
          "no schema has %d bytes: %s".formatted(entry.size(), entry.path()),
          "choose another backup");
    }
    ByteBuffer whole = ByteBuffer.allocate(Math.toIntExact(entry.size()));
    for (Chunk chunk : entry.chunks()) {
      ByteBuffer piece = ByteBuffer.allocateDirect(chunk.length());
      reader.read(chunk, piece);
      whole.put(piece.flip());
    }
    return UTF_8.decode(whole.flip()).toString();
  }

  private void add(TableFile file, long size) {
    tables.merge(name(file), size, Long::sum);
    ids.computeIfAbsent(name(file), _ -> new TreeSet<>()).add(file.folder());
  }

  /// Files of secondary indexes are made anew by whoever gets the rows.
  private static boolean isData(TableFile file) {
    return file.file().indexOf('/') < 0;
  }

  private static TableName name(TableFile file) {
    return new TableName(file.keyspace(), file.table());
  }

  @Override
  public void prepare(
      LoadRequest request, LoadProcess loader, ScratchSpace scratch, CopyProgress progress) {
    // Everything is at hand.
  }

  @Override
  public SortedMap<TableName, Long> tables() {
    return tables;
  }

  @Override
  public RingSchema schema() {
    return schema;
  }

  @Override
  public List<Path> fetch(TableName table, Path into, CopyProgress progress) {
    AtomicLong done = new AtomicLong();
    long total = tables.getOrDefault(table, 0L);
    LongConsumer written = n -> progress.progress("fetching " + table, done.addAndGet(n), total);
    return nodes.keySet().stream()
        .flatMap(member -> fetch(member, table, into.resolve(member.toString()), written).stream())
        .distinct()
        .toList();
  }

  /// The same of one node.
  List<Path> fetch(MemberId member, TableName table, Path into) {
    return List.copyOf(fetch(member, table, into, n -> {}));
  }

  private Set<Path> fetch(MemberId member, TableName table, Path into, LongConsumer written) {
    SnapshotId id = Objects.requireNonNull(nodes.get(member));
    try (SnapshotReader reader = vault.openSnapshot(store, id);
        EarlySync sync = new EarlySync(() -> {})) {
      return fetch(table, into, reader, new FileWriterSupply(reader, sync, written));
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of(
          "cannot write into", into, e, "look at the folder for scratch: --scratch");
    }
  }

  private Set<Path> fetch(
      TableName table, Path into, SnapshotReader reader, FileWriterSupply writers)
      throws IOException {
    PrivateFiles files = PrivateFiles.likeNearest(into);
    Set<Path> folders = new LinkedHashSet<>();
    try (ParallelWork<FileWriter.Piece> work =
            new ParallelWork<>(threads, CassandraErrors.INTERRUPTED, writers::get);
        Stream<FileEntry> entries = reader.entries()) {
      for (FileEntry entry : (Iterable<FileEntry>) entries::iterator) {
        Optional<TableFile> file =
            TableFile.parse(entry.path()).filter(f -> isData(f) && name(f).equals(table));
        if (file.isPresent()) {
          Path folder = into.resolve(file.get().disk() + "-" + file.get().folder());
          if (folders.add(folder)) {
            files.directories(folder, PRIVATE);
          }
          FileWriter.begin(entry, folder.resolve(file.get().file()), false, files)
              .forEach(work::submit);
        }
      }
      work.finish();
    }
    return folders;
  }

  /// What writes the files of one snapshot.
  private record FileWriterSupply(SnapshotReader reader, EarlySync sync, LongConsumer written) {
    FileWriter get() {
      return new FileWriter(reader, sync, written, CassandraErrors.VOLUME);
    }
  }
}
