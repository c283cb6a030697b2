package dev.chrysalis.agent.cassandra;

import dev.chrysalis.agent.AgentErrors;
import dev.chrysalis.cassandra.agent.load.LoadRequest;
import dev.chrysalis.cassandra.agent.load.TableName;
import dev.chrysalis.model.ChrysalisException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which tables are meant.
final class TableOptions {
  @Option(
      names = "--keyspace",
      paramLabel = "KEYSPACE",
      description = "only this one (all that are not the server's own)")
  private @Nullable String keyspace;

  @Option(
      names = "--table",
      paramLabel = "KEYSPACE.TABLE",
      description = "only this table (all of the keyspace)")
  private @Nullable String table;

  @Option(
      names = "--into",
      paramLabel = "KEYSPACE",
      description = "beside the living one: a keyspace that is made for it (its own)")
  private @Nullable String into;

  /// Whether none is named.
  boolean areAll() {
    return keyspace == null && table == null;
  }

  /// Those tables, with what else a load may ask for; `BAD_COMMAND` where that does not fit.
  LoadRequest request(boolean roles, boolean again, Map<String, String> datacenters) {
    try {
      Optional<TableName> one = Optional.ofNullable(table).map(TableName::parse);
      Optional<String> in = one.map(TableName::keyspace).or(() -> Optional.ofNullable(keyspace));
      if (keyspace != null && !in.equals(Optional.of(keyspace))) {
        throw new IllegalArgumentException(table + " is not in " + keyspace);
      }
      if (into != null && !TableName.isName(into)) {
        throw new IllegalArgumentException("not a keyspace: " + into);
      }
      return new LoadRequest(
          in, one.map(TableName::table), Optional.ofNullable(into), roles, again, datacenters);
    } catch (IllegalArgumentException e) {
      throw new ChrysalisException(
          AgentErrors.BAD_COMMAND,
          String.valueOf(e.getMessage()),
          "as in --table shop.orders --into shop_before; see agent cassandra load --help",
          e);
    }
  }
}
