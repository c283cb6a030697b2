package dev.chrysalis.cassandra.agent.load;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.CopyProgress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads all that a source has of a ring, as its clients would see it, and needs no ring for that:
/// table by table the files of all nodes are restored into scratch space, and read as one by
/// Cassandra's own classes, roles among them. Touches nothing but the scratch space, which takes
/// the largest table, and what the source needs to be ready.
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
  public record Examined(int tables, long rows, long bytes) {}

  /// Runs it to its end: `NO_SUCH_TABLES`, `NO_ROOM`, `TABLE_UNREADABLE` naming the table,
  /// `LOADER_ENDED`, and the source's.
  public Examined run(TablesAtMoment source) {
    source.describe(ALL, loader, scratch, progress);
    source.prepare(ALL, loader, scratch, progress);
    LoadChoice choice = LoadChoice.of(source, ALL);
    scratch.require(choice.largest(source));
    int tables = 0;
    long rows = 0;
    long bytes = 0;
    for (TableName name : choice.files()) {
      TableRows found = scratch.with(folder -> read(source, name, folder));
      progress.note("%s: %d rows".formatted(name, found.rows()));
      tables++;
      rows += found.rows();
      bytes += source.tables().getOrDefault(name, 0L);
    }
    return new Examined(tables, rows, bytes);
  }

  private TableRows read(TablesAtMoment source, TableName name, Path folder) {
    List<Path> folders = source.fetch(name, folder, progress);
    try {
      return TableRows.read(loader, name, folders, progress);
    } catch (ChrysalisException e) {
      if (!e.code().equals(CassandraErrors.LOADER_FAILED)) {
        throw e;
      }
      throw new ChrysalisException(
          CassandraErrors.TABLE_UNREADABLE,
          "Cassandra cannot read what there is of %s: %s".formatted(name, e.getMessage()),
          "take a new backup; see how an older one does: chrysalis prove --restore RESTORE-POINT",
          e);
    }
  }
}
