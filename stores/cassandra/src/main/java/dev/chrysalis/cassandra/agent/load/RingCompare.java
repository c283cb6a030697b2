package dev.chrysalis.cassandra.agent.load;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.Category;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.CopyProgress;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Compares a ring with what a source has: table by table the files of all nodes are fetched and
/// read as one, and the number and the digest of their rows compared with those that clients see,
/// at ALL and at QUORUM. Changes nothing but that a read at ALL makes replicas alike.
///
/// A ring that takes writes has other rows than its backup: compare one that does not, restored to
/// that. Scratch space: the largest table, and what the source needs to be ready.
public final class RingCompare {
  private final LoadProcess loader;
  private final ScratchSpace scratch;
  private final CopyProgress progress;

  /// @param scratch a private folder that nobody else uses
  public RingCompare(LoadProcess loader, Path scratch, CopyProgress progress) {
    this.loader = loader;
    this.scratch = new ScratchSpace(scratch);
    this.progress = progress;
  }

  /// What was found alike.
  public record Compared(int tables, long rows) {}

  /// Runs it to its end: `NO_SUCH_TABLES`, `LOADER_FAILED`, `ROWS_DIFFER` naming each table, and
  /// the source's; `NOT_COMPARED` where the progress is `WithinTime` and that is over.
  public Compared run(LoadSource source, LoadRequest request) {
    LoadChoice known = LoadChoice.of(source, request);
    requireThere(known, request, new SchemaLoad(loader, source, request, progress).there());
    source.prepare(request, loader, scratch, progress);
    LoadChoice choice = LoadChoice.of(source, request);
    scratch.require(choice.largest(source));
    RowCounts counts = new RowCounts(loader, progress);
    int tables = 0;
    long rows = 0;
    for (TableName name : choice.files()) {
      try {
        rows += compare(source, name, request.target(name), counts);
      } catch (ChrysalisException e) {
        throw ended(e, counts, tables, choice.files().size());
      }
      tables++;
    }
    counts.requireAlike();
    return new Compared(tables, rows);
  }

  private long compare(LoadSource source, TableName name, TableName target, RowCounts counts) {
    TableRows found = scratch.with(folder -> read(source, name, target, folder));
    counts.compare(target, found, true);
    progress.note("%s: %d rows, digest %s".formatted(target, found.rows(), found.digest()));
    return found.rows();
  }

  /// What was found to differ until then counts more than what ended it.
  private static ChrysalisException ended(
      ChrysalisException e, RowCounts counts, int done, int all) {
    if (e.code().category() != Category.INTERRUPTED) {
      counts.requireNoDifference();
    }
    if (!e.code().equals(CassandraErrors.NOT_COMPARED)) {
      return e;
    }
    return new ChrysalisException(
        CassandraErrors.NOT_COMPARED,
        "only %d of %d tables were compared, which are alike: %s"
            .formatted(done, all, e.getMessage()),
        e.hint(),
        e);
  }

  private static void requireThere(LoadChoice choice, LoadRequest request, Set<String> there) {
    Set<String> missing =
        choice.made().stream()
            .map(name -> request.target(name).toString())
            .collect(Collectors.toCollection(TreeSet::new));
    missing.removeAll(there);
    if (!missing.isEmpty()) {
      throw new ChrysalisException(
          CassandraErrors.ROWS_DIFFER,
          "the ring lacks tables: " + missing,
          "load them: agent cassandra load --table");
    }
  }

  private TableRows read(LoadSource source, TableName name, TableName target, Path folder) {
    List<Path> folders = source.fetch(name, folder, progress);
    return TableRows.read(loader, target, folders, progress);
  }
}
