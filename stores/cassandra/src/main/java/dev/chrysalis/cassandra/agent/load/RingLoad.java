package dev.chrysalis.cassandra.agent.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.LeftOvers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Loads tables into a ring, whatever its nodes and tokens are:
///
/// 1. everything that can refuse is asked first: what the source has, what the ring has, the room;
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
/// 1.5 GiB.
public final class RingLoad {
  private static final long PIECES = 3L << 29;
  private static final Set<String> NOT_IN_SCHEMA = Set.of("functions", "aggregates", "triggers");
  private static final TableName ROLES = new TableName("system_auth", "roles");

  private final LoadProcess loader;
  private final Path scratch;
  private final CopyProgress progress;

  /// @param scratch a private folder that nobody else uses
  public RingLoad(LoadProcess loader, Path scratch, CopyProgress progress) {
    this.loader = loader;
    this.scratch = scratch;
    this.progress = progress;
  }

  /// What to load.
  ///
  /// @param keyspace only that one's; empty for those of all that are not the server's own
  /// @param table only that one of it; empty for all
  /// @param into another keyspace, beside the living one; empty for its own
  /// @param roles whether roles and what they may do are loaded, too: over those of the ring
  /// @param again whether to go on with what was interrupted: tables may have rows
  /// @param datacenters what those are called now that the source knows by other names
  public record Request(
      Optional<String> keyspace,
      Optional<String> table,
      Optional<String> into,
      boolean roles,
      boolean again,
      Map<String, String> datacenters) {
    public Request {
      if (keyspace.isEmpty() && (table.isPresent() || into.isPresent())) {
        throw new IllegalArgumentException("a table and another keyspace need a keyspace");
      }
      if (keyspace.isPresent() && roles) {
        throw new IllegalArgumentException("roles are of the whole ring, not of a keyspace");
      }
      keyspace.ifPresent(Request::requireOfUsers);
      into.ifPresent(Request::requireOfUsers);
      datacenters = Map.copyOf(datacenters);
    }

    private static void requireOfUsers(String keyspace) {
      if (TableName.isOfServer(keyspace)) {
        throw new IllegalArgumentException(keyspace + " is the server's own");
      }
    }

    private boolean wants(TableName name) {
      return (name.isOfServer()
              ? roles && name.isOfRoles()
              : keyspace.filter(k -> !k.equals(name.keyspace())).isEmpty())
          && table.filter(t -> !t.equals(name.table())).isEmpty();
    }

    TableName target(TableName name) {
      return into.map(name::in).orElse(name);
    }
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
  public Loaded run(LoadSource source, Request request) {
    NavigableSet<TableName> files = withFiles(source, request);
    NavigableSet<TableName> made = made(source, request);
    requireAny(source, files, made);
    requireRoom(source, files);
    SchemaLoad schema = new SchemaLoad(loader, source, request, progress);
    RowCounts counts = new RowCounts(loader, progress);
    Set<String> there = schema.there();
    Set<TableName> empty = empty(made, request, there, counts);
    List<Statement> keyspaces = keyspaces(schema, made, there);
    noteWhatIsNotInSchema(source);
    schema.makeKeyspaces(keyspaces);
    // What an interrupted load has made may lack its last change; all is made before the first row.
    schema.makeTables(
        made,
        name -> !there.contains(name.toString()) || (request.again() && empty.contains(name)));
    Loaded all = new Loaded(0, 0, 0, 0, 0);
    for (TableName name : files) {
      if (!name.isOfRoles()) {
        all = all.and(load(source, name, request, counts));
      }
    }
    schema.makeViews(made);
    for (TableName name : files) {
      if (name.isOfRoles() && there.contains(name.toString())) {
        all = all.and(load(source, name, request, counts));
      }
    }
    counts.requireAlike();
    return all;
  }

  private List<Statement> keyspaces(SchemaLoad schema, Set<TableName> made, Set<String> there) {
    Path folder = scratch.resolve("keyspaces");
    try {
      remove(folder);
      List<Statement> keyspaces = schema.keyspaces(made, there, folder);
      remove(folder);
      return keyspaces;
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of("cannot empty", folder, e, "name another: --scratch");
    }
  }

  private static NavigableSet<TableName> withFiles(LoadSource source, Request request) {
    RingSchema schema = source.schema();
    return source.tables().keySet().stream()
        .filter(request::wants)
        .filter(name -> !schema.isView(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// Those of users, with files or without.
  private static NavigableSet<TableName> made(LoadSource source, Request request) {
    return source.schema().tables().stream()
        .filter(name -> !name.isOfServer())
        .filter(request::wants)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void requireAny(
      LoadSource source, Set<TableName> files, NavigableSet<TableName> made) {
    if (made.isEmpty()) {
      throw new ChrysalisException(
          CassandraErrors.NO_SUCH_TABLES,
          "there is no such table; there are: " + names(source.schema().tables()),
          "nothing was touched; name one of them: --keyspace, --table");
    }
    Set<TableName> unknown = new TreeSet<>(files);
    unknown.removeIf(name -> name.isOfServer() || made.contains(name));
    if (!unknown.isEmpty()) {
      throw new ChrysalisException(
          CassandraErrors.NO_SUCH_TABLES,
          "no schema.cql makes " + names(unknown),
          "nothing was touched; make them in it, or name others: --keyspace, --table");
    }
  }

  private static String names(Set<TableName> names) {
    return names.stream()
        .filter(name -> !name.isOfServer())
        .map(TableName::toString)
        .collect(Collectors.joining(", "));
  }

  private void requireRoom(LoadSource source, Set<TableName> files) {
    long largest =
        files.stream().mapToLong(name -> source.tables().getOrDefault(name, 0L)).max().orElse(0);
    try {
      long free = Files.getFileStore(scratch).getUsableSpace();
      long needed = largest + Math.min(2 * largest, PIECES);
      if (free < needed) {
        throw new ChrysalisException(
            CassandraErrors.NO_ROOM,
            "%s has %d MiB free, and the largest table needs %d MiB there"
                .formatted(scratch, free >> 20, needed >> 20),
            "nothing was touched; name a folder with more room: --scratch");
      }
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of("cannot look at", scratch, e, "name another: --scratch");
    }
  }

  /// Those of the targets that are in the ring and have no rows; others are refused, unless the
  /// load goes on.
  private static Set<TableName> empty(
      Set<TableName> made, Request request, Set<String> there, RowCounts counts) {
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
              "nothing was touched; load it beside: --into KEYSPACE; or, where an earlier load was"
                  + " interrupted: --again");
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

  private Loaded load(LoadSource source, TableName name, Request request, RowCounts counts) {
    TableName target = request.target(name);
    Path folder = scratch.resolve("table");
    try {
      remove(folder);
      Path pieces = Files.createDirectories(folder.resolve("merged"));
      List<Path> folders = source.fetch(name, folder.resolve("source"), progress);
      JsonNode answer =
          loader.ask(
              Map.of(
                  "do", "load",
                  "keyspace", target.keyspace(),
                  "table", target.table(),
                  "folders", folders.stream().map(Path::toString).toList(),
                  "scratch", pieces.toString()),
              progress);
      remove(folder);
      Loaded loaded =
          new Loaded(
              1,
              answer.path("partitions").asLong(),
              answer.path("rows").asLong(),
              answer.path("bytes").asLong(),
              answer.path("sent").asLong());
      boolean exact = !request.again() && !target.isOfRoles();
      counts.compare(target, loaded.rows(), answer.path("expiring").asLong(), exact);
      progress.note("%s: %d rows".formatted(target, loaded.rows()));
      return loaded;
    } catch (IOException e) {
      throw CassandraErrors.VOLUME.of("cannot write into", folder, e, "name another: --scratch");
    }
  }

  private static void remove(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      Files.walkFileTree(folder, new LeftOvers(folder));
      Files.delete(folder);
    }
  }
}
