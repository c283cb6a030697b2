package dev.chrysalis.bulkloader;

import java.util.List;
import org.apache.cassandra.auth.AuthKeyspace;
import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.cql3.CQLFragmentParser;
import org.apache.cassandra.cql3.CqlParser;
import org.apache.cassandra.cql3.statements.schema.CreateTableStatement;
import org.apache.cassandra.cql3.statements.schema.CreateTypeStatement;
import org.apache.cassandra.dht.IPartitioner;
import org.apache.cassandra.exceptions.RequestValidationException;
import org.apache.cassandra.schema.KeyspaceMetadata;
import org.apache.cassandra.schema.KeyspaceParams;
import org.apache.cassandra.schema.Schema;
import org.apache.cassandra.schema.SchemaTransformations;
import org.apache.cassandra.schema.TableMetadata;
import org.apache.cassandra.schema.TableMetadataRef;
import org.apache.cassandra.schema.Tables;
import org.apache.cassandra.schema.Types;
import org.apache.cassandra.schema.UserFunctions;
import org.apache.cassandra.schema.Views;
import org.apache.cassandra.service.ClientState;

/// Makes the tables of a source known to Cassandra's classes by the ids that they had there: a
/// commit log names tables by these only.
///
/// The server writes columns that were dropped into a table's `CREATE TABLE`, so that what was
/// logged of them before can be read.
final class SourceSchema {
  private SourceSchema() {}

  /// Before anything else: says how partitions are spread over the ring, and makes the tables of
  /// roles known. Every server makes these itself, with ids that come from their names.
  ///
  /// @return the tables of roles, as `keyspace.table`
  static List<String> begin(IPartitioner partitioner) {
    DatabaseDescriptor.setPartitionerUnsafe(partitioner);
    KeyspaceMetadata roles = AuthKeyspace.metadata();
    add(roles);
    return roles.tables.stream().map(table -> table.keyspace + "." + table.name).toList();
  }

  /// A table that was made known.
  static TableMetadataRef table(String keyspace, String name) {
    TableMetadata table = Schema.instance.getTableMetadata(keyspace, name);
    if (table == null) {
      throw new LoaderFailure("nothing says what %s.%s is like".formatted(keyspace, name));
    }
    return TableMetadataRef.forOfflineTools(table);
  }

  /// Makes a keyspace's tables known.
  static void know(Request.Know asked) {
    Types types = types(asked);
    Tables.Builder tables = Tables.builder();
    asked.tables().forEach(cql -> tables.add(table(asked.keyspace(), cql, types)));
    add(
        KeyspaceMetadata.create(
            asked.keyspace(),
            KeyspaceParams.simple(1),
            tables.build(),
            Views.none(),
            types,
            UserFunctions.none()));
  }

  private static void add(KeyspaceMetadata keyspace) {
    Schema.instance.transform(SchemaTransformations.addKeyspace(keyspace, true));
  }

  private static Types types(Request.Know asked) {
    Types.RawBuilder types = Types.rawBuilder(asked.keyspace());
    for (String cql : asked.types()) {
      CreateTypeStatement.Raw type =
          CQLFragmentParser.parseAny(CqlParser::createTypeStatement, cql, "CREATE TYPE");
      type.addToRawBuilder(types);
    }
    return types.build();
  }

  private static TableMetadata table(String keyspace, String cql, Types types) {
    try {
      CreateTableStatement.Raw raw =
          CQLFragmentParser.parseAny(CqlParser::createTableStatement, cql, "CREATE TABLE");
      raw.keyspace(keyspace);
      return raw.prepare(ClientState.forInternalCalls()).builder(types).build();
    } catch (RequestValidationException e) {
      throw new LoaderFailure("cannot read what makes a table of " + keyspace, e);
    }
  }
}
