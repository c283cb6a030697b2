package dev.chrysalis.cassandra.agent.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.CopyProgress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Loads tables into a ring, whatever its nodes and tokens are:
///
/// 1. everything that can refuse is asked first: what the source has, what the ring has, the room;
///    then the source is made ready, which reads logs;
/// 2. keyspaces, types, tables and indexes are made;
/// 3. table by table the files of all nodes are fetched, merged, and each partition is streamed
///    once to each of its nodes (`LoadProcess`); then its rows are counted at QUORUM and at ALL,
///    and compared;
/// 4. views, which the ring fills itself; roles last, since they may change the login.
///
/// Properties: tables that have rows are refused (`NOT_EMPTY`), so that no living row is
/// overwritten. A load that was killed is repeated with `again`: cells have their own write times,
/// so that what is loaded twice is there once. What a node still held of ranges that had moved to
/// others (`nodetool cleanup` removes it) is loaded as well. Scratch space: the largest table, and
/// 1.5 GiB, and what the source needs to be ready.
public final class RingLoad {
  private static final long PIECES = 3L << 29;
  private static final Set<String> NOT_IN_SCHEMA = Set.of("functions", "aggregates", "triggers");
  private static final TableName ROLES = new TableName("system_auth", "roles");

  private final LoadProcess loader;
  private final ScratchSpace scratch;
  private final CopyProgress progress;

  /// @param scratch a private folder that nobody else uses
  public RingLoad(LoadProcess loader, Path scratch, CopyProgress progress) {
    this.loader = loader;
    this.scratch = new ScratchSpace(scratch);
    this.progress = progress;
  }

  /// What was loaded.
  ///
  /// @param rows that a client sees
  /// @param bytes after merging
  /// @param sent to all nodes together
  public record Loaded(int tables, long partitions, long rows, long bytes, long sent) {
    private Loaded and(Loaded other) {
      return new Loaded(
          tables + other.tables,
          partitions + other.partitions,
          rows + other.rows,
          bytes + other.bytes,
          sent + other.sent);
    }
  }

  /// Runs it to its end: `NO_SUCH_TABLES`, `NOT_EMPTY`, `NO_ROOM`, `LOADER_FAILED`, `ROWS_DIFFER`,
  /// and the source's.
  public Loaded run(LoadSource source, LoadRequest request) {
    LoadChoice known = LoadChoice.of(source, request);
    requireRoom(source, known);
    SchemaLoad schema = new SchemaLoad(loader, source, request, progress);
    RowCounts counts = new RowCounts(loader, progress);
    Set<String> there = schema.there();
    Set<TableName> empty = empty(known.made(), request, there, counts);
    List<Statement> keyspaces =
        scratch.with(folder -> schema.keyspaces(known.made(), there, folder));
    noteWhatIsNotInSchema(source);
    source.prepare(request, loader, scratch, progress);
    LoadChoice choice = LoadChoice.of(source, request);
    requireRoom(source, choice);
    schema.makeKeyspaces(keyspaces);
    // What an interrupted load has made may lack its last change; all is made before the first row.
    schema.makeTables(
        choice.made(),
        name -> !there.contains(name.toString()) || (request.again() && empty.contains(name)));
    Loaded all = new Loaded(0, 0, 0, 0, 0);
    for (TableName name : choice.files()) {
      if (!name.isOfRoles()) {
        all = all.and(load(source, name, request, counts));
      }
    }
    schema.makeViews(choice.made());
    for (TableName name : choice.files()) {
      if (name.isOfRoles() && there.contains(name.toString())) {
        all = all.and(load(source, name, request, counts));
      }
    }
    progress.note("what was loaded is in no commit log: it is safe once the ring is backed up");
    counts.requireAlike();
    return all;
  }

  private void requireRoom(LoadSource source, LoadChoice choice) {
    long largest = choice.largest(source);
    scratch.require(largest + Math.min(2 * largest, PIECES));
  }

  /// Those of the targets that are in the ring and have no rows; others are refused, unless the
  /// load goes on.
  private static Set<TableName> empty(
      Set<TableName> made, LoadRequest request, Set<String> there, RowCounts counts) {
    Set<TableName> empty = new TreeSet<>();
    for (TableName name : made) {
      TableName target = request.target(name);
      if (there.contains(target.toString())) {
        if (counts.isEmpty(target)) {
          empty.add(target);
        } else if (!request.again()) {
          throw new ChrysalisException(
              CassandraErrors.NOT_EMPTY,
              "the ring has rows in " + target,
              "nothing was touched; load it into another keyspace: --into; only where these are rows"
                  + " of an earlier load that was cut off, and nobody has written since: --again");
        }
      }
    }
    if (request.roles() && !request.again() && !counts.atMost(ROLES, 1)) {
      throw new ChrysalisException(
          CassandraErrors.NOT_EMPTY,
          "the ring has roles of its own",
          "nothing was touched; leave --roles out, or where an earlier load was interrupted add"
              + " --again");
    }
    return empty;
  }

  /// The server writes down tables and their types only.
  private void noteWhatIsNotInSchema(LoadSource source) {
    source.tables().keySet().stream()
        .filter(name -> name.keyspace().equals("system_schema"))
        .filter(name -> NOT_IN_SCHEMA.contains(name.table()))
        .forEach(name ->
            progress.note(
                "the ring had %s: they are not in a snapshot's schema, make them by hand"
                    .formatted(name.table())));
  }

  private Loaded load(LoadSource source, TableName name, LoadRequest request, RowCounts counts) {
    TableName target = request.target(name);
    JsonNode answer = scratch.with(folder -> stream(source, name, target, folder));
    TableRows rows = TableRows.of(answer);
    counts.compare(target, rows, !request.again() && !target.isOfRoles());
    progress.note("%s: %d rows".formatted(target, rows.rows()));
    return new Loaded(
        1,
        rows.partitions(),
        rows.rows(),
        answer.path("bytes").asLong(),
        answer.path("sent").asLong());
  }

  private JsonNode stream(LoadSource source, TableName name, TableName target, Path folder) {
    List<Path> folders = source.fetch(name, folder.resolve("source"), progress);
    return loader.ask(
        Map.of(
            "do", "load",
            "keyspace", target.keyspace(),
            "table", target.table(),
            "folders", folders.stream().map(Path::toString).toList(),
            "scratch", folder.resolve("merged").toString()),
        progress);
  }
}
