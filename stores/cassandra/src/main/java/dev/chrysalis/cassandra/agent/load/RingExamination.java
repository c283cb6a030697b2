package dev.chrysalis.cassandra.agent.load;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.platform.volume.CopyProgress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Reads the tables that a source has of a ring, as their clients would see them (but views, which
/// a ring makes itself), and needs no ring for that: table by table the files of all nodes are
/// restored into scratch space, and read as one by Cassandra's own classes, roles among them.
/// Touches nothing but the scratch space, which takes the largest table, and what the source needs
/// to be ready.
public final class RingExamination {
  private static final LoadRequest ALL =
      new LoadRequest(Optional.empty(), Optional.empty(), Optional.empty(), true, false, Map.of());

  private final LoadProcess loader;
  private final ScratchSpace scratch;
  private final CopyProgress progress;

  /// @param loader without a ring
  /// @param scratch a private folder that nobody else uses
  public RingExamination(LoadProcess loader, Path scratch, CopyProgress progress) {
    this.loader = loader;
    this.scratch = new ScratchSpace(scratch);
    this.progress = progress;
  }

  /// What was read.
  ///
  /// @param rows that clients would see
  /// @param bytes of the tables' files and of what their logs were made into, of all nodes
  /// @param passedOver how many writes of the logs were left out: of after a change of the schema
  public record Examined(int tables, long rows, long bytes, long passedOver) {}

  /// Runs it to its end: `NO_SUCH_TABLES`, `NO_ROOM`, `LOG_UNUSABLE`, `TABLE_UNREADABLE` naming the
  /// table, `LOADER_UNABLE` where nothing is said of the data, and the source's.
  public Examined run(TablesAtMoment source) {
    Set<TableName> tables = tables(source);
    int read = 0;
    long rows = 0;
    long bytes = 0;
    for (TableName name : tables) {
      TableRows found = scratch.with(folder -> read(source, name, folder));
      progress.note("%s: %d rows".formatted(name, found.rows()));
      read++;
      rows += found.rows();
      bytes += source.tables().getOrDefault(name, 0L);
    }
    return new Examined(read, rows, bytes, source.passedOver());
  }

  /// All that have files or updates; nothing is read of those of roles that only other releases
  /// have.
  private Set<TableName> tables(TablesAtMoment source) {
    Set<TableName> roles = source.describe(ALL, loader, scratch, progress);
    try {
      source.prepare(ALL, loader, scratch, progress);
    } catch (ChrysalisException e) {
      throw asDamage(e, CassandraErrors.LOG_UNUSABLE, "Cassandra cannot read the log");
    }
    LoadChoice choice = LoadChoice.ofAll(source, ALL);
    scratch.require(choice.largest(source));
    Set<TableName> tables = new TreeSet<>(choice.files());
    tables.removeIf(name -> name.isOfServer() && !roles.contains(name));
    return tables;
  }

  private TableRows read(TablesAtMoment source, TableName name, Path folder) {
    List<Path> folders = source.fetch(name, folder, progress);
    try {
      return TableRows.read(loader, name, folders, progress);
    } catch (ChrysalisException e) {
      throw asDamage(e, CassandraErrors.TABLE_UNREADABLE, "Cassandra cannot read " + name);
    }
  }

  /// What the loader refuses speaks against what it was given; other trouble does not.
  private static ChrysalisException asDamage(ChrysalisException e, ErrorCode code, String what) {
    return e.code().equals(CassandraErrors.LOADER_FAILED)
        ? new ChrysalisException(
            code,
            what + " as the vault has it: " + e.getMessage(),
            "see whether an older backup can be read (chrysalis restore-points), and whether a node"
                + " has damaged tables (chrysalis assess)",
            e)
        : e;
  }
}
