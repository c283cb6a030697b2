package dev.chrysalis.cassandra.agent.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.CopyProgress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Makes what a ring lacks for tables to be loaded. For one thread.
final class SchemaLoad {
  private static final TableName KEYSPACES = new TableName("system_schema", "keyspaces");

  private final LoadProcess loader;
  private final LoadSource source;
  private final LoadRequest request;
  private final CopyProgress progress;

  SchemaLoad(LoadProcess loader, LoadSource source, LoadRequest request, CopyProgress progress) {
    this.loader = loader;
    this.source = source;
    this.request = request;
    this.progress = progress;
  }

  /// All tables of the ring.
  Set<String> there() {
    Set<String> tables = new TreeSet<>();
    loader
        .ask(Map.of("do", "tables"), progress)
        .path("tables")
        .forEach(name -> tables.add(name.asText()));
    return tables;
  }

  /// What makes the keyspaces of some tables: as somebody wrote it down, or by the server's own
  /// table of keyspaces. Changes nothing; `NO_SUCH_TABLES` where one is neither known nor in the
  /// ring.
  ///
  /// @param folder an empty one, for that table
  List<Statement> keyspaces(Set<TableName> tables, Set<String> there, Path folder) {
    Set<String> names =
        tables.stream().map(TableName::keyspace).collect(Collectors.toCollection(TreeSet::new));
    Map<String, Statement> known = new TreeMap<>(source.schema().keyspaces());
    if (!known.keySet().containsAll(names) && source.tables().containsKey(KEYSPACES)) {
      loader
          .ask(
              Map.of(
                  "do",
                  "keyspaces",
                  "folders",
                  source.fetch(KEYSPACES, folder, progress).stream().map(Path::toString).toList()),
              progress)
          .path("keyspaces")
          .forEach(found -> known.putIfAbsent(found.path("name").asText(), keyspace(found)));
    }
    for (String name : names) {
      requireKnown(name, known.keySet(), there);
    }
    known.keySet().retainAll(names);
    return List.copyOf(known.values());
  }

  private void requireKnown(String name, Set<String> known, Set<String> there) {
    String target = request.into().orElse(name);
    if (!known.contains(name) && there.stream().noneMatch(t -> t.startsWith(target + "."))) {
      throw new ChrysalisException(
          CassandraErrors.NO_SUCH_TABLES,
          "nothing says how keyspace %s is replicated".formatted(name),
          "nothing was touched; write its CREATE KEYSPACE into the schema.cql");
    }
  }

  private static Statement keyspace(JsonNode found) {
    Map<String, String> replication = new TreeMap<>();
    found
        .path("replication")
        .properties()
        .forEach(option -> replication.put(option.getKey(), option.getValue().asText()));
    return Statement.ofKeyspace(
        found.path("name").asText(), replication, found.path("durable").asBoolean());
  }

  void makeKeyspaces(List<Statement> keyspaces) {
    for (Statement keyspace : keyspaces) {
      Statement renamed = keyspace.withDatacenters(request.datacenters());
      execute(request.into().map(renamed::in).orElse(renamed));
    }
  }

  /// Makes tables with all that they need.
  ///
  /// @param changeable which tables may be changed: not those that were there before
  void makeTables(Set<TableName> tables, Predicate<TableName> changeable) {
    for (Statement statement : source.schema().before(tables).statements()) {
      if (!statement.changes() || changeable.test(request.target(statement.table()))) {
        execute(request.into().map(statement::in).orElse(statement));
      }
    }
  }

  /// Makes what the ring fills itself.
  void makeViews(Set<TableName> tables) {
    for (Statement statement : source.schema().after(tables).statements()) {
      execute(request.into().map(statement::in).orElse(statement));
    }
  }

  private void execute(Statement statement) {
    JsonNode _ =
        loader.ask(
            Map.of("do", "execute", "cql", statement.orNothing(), "bare", statement.text()),
            progress);
  }
}
