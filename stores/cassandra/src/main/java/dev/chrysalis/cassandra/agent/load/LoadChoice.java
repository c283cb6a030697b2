package dev.chrysalis.cassandra.agent.load;

import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Which tables of a source are meant.
///
/// @param files those that have files, and are no views
/// @param made those of users, with files or without
record LoadChoice(NavigableSet<TableName> files, NavigableSet<TableName> made) {
  /// Chooses: `NO_SUCH_TABLES` where there is none, or the source does not say what one is like.
  static LoadChoice of(LoadSource source, LoadRequest request) {
    LoadChoice choice = ofAll(source, request);
    if (choice.made.isEmpty()) {
      throw new ChrysalisException(
          CassandraErrors.NO_SUCH_TABLES,
          "there is no such table; there are: " + names(source.schema().tables()),
          "nothing was touched; name one of them: --keyspace, --table");
    }
    return choice;
  }

  /// The same, where there may be none: `NO_SUCH_TABLES` where the source does not say what one is
  /// like.
  static LoadChoice ofAll(LoadSource source, LoadRequest request) {
    RingSchema schema = source.schema();
    NavigableSet<TableName> files =
        source.tables().keySet().stream()
            .filter(request::wants)
            .filter(name -> !schema.isView(name))
            .collect(Collectors.toCollection(TreeSet::new));
    NavigableSet<TableName> made =
        schema.tables().stream()
            .filter(name -> !name.isOfServer())
            .filter(request::wants)
            .collect(Collectors.toCollection(TreeSet::new));
    requireKnown(files, made);
    return new LoadChoice(files, made);
  }

  private static void requireKnown(Set<TableName> files, Set<TableName> made) {
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

  /// The bytes of the largest of them.
  long largest(LoadSource source) {
    return files.stream().mapToLong(name -> source.tables().getOrDefault(name, 0L)).max().orElse(0);
  }
}
