package dev.chrysalis.bulkloader;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What the agent asks for, one JSON object a line, its kind in `do`.
sealed interface Request {
  ObjectMapper JSON = new ObjectMapper();

  /// Which ring, and as whom: the first of all.
  ///
  /// @param contacts addresses of nodes; the ring names the others; none for no ring at all, where
  ///   files are only read
  /// @param config the server's `cassandra.yaml`, for ports and encryption; empty for the usual
  ///   ones
  /// @param user empty where no login is asked for
  /// @param mebibytesPerSecond how fast to stream; 0 for as fast as it goes
  record Begin(
      List<String> contacts,
      int port,
      String config,
      String user,
      String password,
      int mebibytesPerSecond)
      implements Request {
    @Override
    public String toString() {
      return "Begin" + contacts;
    }
  }

  /// Without a ring, before its tables are read or made known: how its partitions are spread is
  /// learnt from some of its SSTables. The answer names the tables of `roles` that are known.
  ///
  /// @param folders with SSTables of any table that is the ring's
  record Source(List<Path> folders) implements Request {}

  /// How keyspaces are replicated, by the server's own table of them.
  ///
  /// @param folders with SSTables of `system_schema.keyspaces`
  record Keyspaces(List<Path> folders) implements Request {}

  /// The names of all tables that are in the ring, as `keyspace.table`.
  record Tables() implements Request {}

  /// Runs one statement.
  ///
  /// @param cql does nothing where it was done before
  /// @param bare the same without the `IF` that says so
  record Execute(String cql, String bare) implements Request {}

  /// Merges all SSTables of a table and streams the result to those whose it is.
  ///
  /// @param keyspace where it is to be
  /// @param folders with its SSTables, each folder those of one node
  /// @param scratch an empty folder for what is merged
  record Load(String keyspace, String table, List<Path> folders, Path scratch) implements Request {}

  /// Makes the tables of a source's keyspace known by their ids, for `Replay`.
  ///
  /// @param types the statements that make its types
  /// @param tables those that make its tables, with their ids
  record Know(String keyspace, List<String> types, List<String> tables) implements Request {}

  /// Makes SSTables of what a node's commit log has of some tables.
  ///
  /// @param segments the folder with its segments
  /// @param local folders with SSTables of the node's `system.local`
  /// @param tables those tables, as `keyspace.table`
  /// @param roles whether also those of roles
  /// @param overChange whether the tables changed while the log was written: then mutations that do
  ///   not fit are of after that, and are passed over
  /// @param until in microseconds since 1970: mutations with a later write time are passed over
  /// @param hold how many bytes of updates may be held in memory
  /// @param into an empty folder for the SSTables: each table has a folder there, and each of its
  ///   SSTables one in that
  record Replay(
      Path segments,
      List<Path> local,
      Set<String> tables,
      boolean roles,
      boolean overChange,
      long until,
      long hold,
      Path into)
      implements Request {}

  /// Counts and digests the rows of a table, as its SSTables have them.
  ///
  /// @param folders with its SSTables, each folder those of one node
  record Read(String keyspace, String table, List<Path> folders) implements Request {}

  /// How many rows a table of the ring has, and where all are counted their digest.
  ///
  /// @param consistency `QUORUM`, `ALL` and the like
  /// @param most where to stop counting; 0 for all
  record Count(String keyspace, String table, String consistency, long most) implements Request {}

  /// Reads a line.
  static Request parse(String line) {
    JsonNode json;
    try {
      json = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new LoaderFailure("not a request", e);
    }
    String kind = text(json, "do");
    return switch (kind) {
      case "begin" ->
          new Begin(
              texts(json, "contacts"),
              json.path("port").asInt(),
              text(json, "config"),
              text(json, "user"),
              text(json, "password"),
              json.path("mebibytesPerSecond").asInt());
      case "source" -> new Source(paths(json, "folders"));
      case "keyspaces" -> new Keyspaces(paths(json, "folders"));
      case "tables" -> new Tables();
      case "execute" -> new Execute(text(json, "cql"), text(json, "bare"));
      case "load" ->
          new Load(
              text(json, "keyspace"),
              text(json, "table"),
              paths(json, "folders"),
              Path.of(text(json, "scratch")));
      case "know" -> new Know(text(json, "keyspace"), texts(json, "types"), texts(json, "tables"));
      case "replay" ->
          new Replay(
              Path.of(text(json, "segments")),
              paths(json, "local"),
              Set.copyOf(texts(json, "tables")),
              json.path("roles").asBoolean(),
              json.path("overChange").asBoolean(),
              json.path("until").asLong(Long.MAX_VALUE),
              json.path("hold").asLong(),
              Path.of(text(json, "into")));
      case "read" -> new Read(text(json, "keyspace"), text(json, "table"), paths(json, "folders"));
      case "count" ->
          new Count(
              text(json, "keyspace"),
              text(json, "table"),
              text(json, "consistency"),
              json.path("most").asLong());
      default -> throw new LoaderFailure("unknown request: " + kind);
    };
  }

  private static String text(JsonNode json, String name) {
    return json.path(name).asText();
  }

  private static List<String> texts(JsonNode json, String name) {
    List<String> texts = new ArrayList<>();
    json.path(name).forEach(node -> texts.add(node.asText()));
    return texts;
  }

  private static List<Path> paths(JsonNode json, String name) {
    return texts(json, name).stream().map(Path::of).toList();
  }
}
