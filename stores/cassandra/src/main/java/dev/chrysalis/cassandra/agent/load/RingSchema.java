package dev.chrysalis.cassandra.agent.load;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The statements that make keyspaces and their tables, in an order in which a server takes them.
record RingSchema(List<Statement> statements) {
  RingSchema {
    statements =
        new LinkedHashSet<>(statements)
            .stream().sorted(Comparator.comparing(Statement::kind)).toList();
  }

  /// Reads a script; what makes nothing that is known (`USE`, `GRANT`) is left out.
  static RingSchema parse(String script) {
    return new RingSchema(
        CqlScript.statements(script).stream().flatMap(s -> Statement.parse(s).stream()).toList());
  }

  RingSchema and(RingSchema other) {
    List<Statement> both = new ArrayList<>(statements);
    both.addAll(other.statements);
    return new RingSchema(both);
  }

  /// What makes its keyspaces, by their names.
  Map<String, Statement> keyspaces() {
    Map<String, Statement> keyspaces = new TreeMap<>();
    of(Statement.Kind.KEYSPACE, _ -> true).forEach(s -> keyspaces.put(s.name(), s));
    return keyspaces;
  }

  /// Whether it has a view of that name, whose rows its servers make from those of its table.
  boolean isView(TableName name) {
    return !of(Statement.Kind.VIEW, s -> s.table().equals(name)).isEmpty();
  }

  /// All tables that it makes.
  Set<TableName> tables() {
    return of(Statement.Kind.TABLE, s -> !s.changes()).stream()
        .map(Statement::table)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// The statements that make what a keyspace has of some kind.
  List<String> makes(Statement.Kind kind, String keyspace) {
    return of(kind, s -> !s.changes() && s.keyspace().equals(keyspace)).stream()
        .map(Statement::text)
        .toList();
  }

  /// What tables need that are loaded: all types and functions of their keyspaces, and they
  /// themselves with their indexes.
  RingSchema before(Set<TableName> tables) {
    return with(s ->
        switch (s.kind()) {
          case TYPE, FUNCTION, AGGREGATE ->
              tables.stream().anyMatch(t -> t.keyspace().equals(s.keyspace()));
          case TABLE, INDEX -> tables.contains(s.table());
          case KEYSPACE, VIEW, TRIGGER -> false;
        });
  }

  /// What is made once they are there: their views and triggers.
  RingSchema after(Set<TableName> tables) {
    return with(s ->
        switch (s.kind()) {
          case VIEW -> tables.contains(s.base());
          case TRIGGER -> tables.contains(s.table());
          case KEYSPACE, TYPE, FUNCTION, AGGREGATE, TABLE, INDEX -> false;
        });
  }

  /// The names of what is made more than once, and not alike.
  Set<String> disputed() {
    Map<String, String> texts = new TreeMap<>();
    Set<String> disputed = new TreeSet<>();
    for (Statement s : statements) {
      String name = "%s %s.%s".formatted(s.kind(), s.keyspace(), s.name());
      // A table may have many indexes, and be changed many times.
      if (!s.changes() && s.kind() != Statement.Kind.INDEX && s.kind() != Statement.Kind.TRIGGER) {
        String before = texts.putIfAbsent(name, s.orNothing());
        if (before != null && !before.equals(s.orNothing())) {
          disputed.add(name);
        }
      }
    }
    return disputed;
  }

  private RingSchema with(Predicate<Statement> wanted) {
    return new RingSchema(statements.stream().filter(wanted).toList());
  }

  private List<Statement> of(Statement.Kind kind, Predicate<Statement> wanted) {
    return statements.stream().filter(s -> s.kind() == kind).filter(wanted).toList();
  }
}
