package dev.chrysalis.cassandra.agent.load;

import java.util.Map;
import java.util.Optional;

/// What to load.
///
/// @param keyspace only that one's; empty for those of all that are not the server's own
/// @param table only that one of it; empty for all
/// @param into another keyspace, beside the living one; empty for its own
/// @param roles whether roles and what they may do are loaded, too: over those of the ring
/// @param again whether to go on with what was interrupted: tables may have rows
/// @param datacenters what those are called now that the source knows by other names
public record LoadRequest(
    Optional<String> keyspace,
    Optional<String> table,
    Optional<String> into,
    boolean roles,
    boolean again,
    Map<String, String> datacenters) {
  public LoadRequest {
    if (keyspace.isEmpty() && (table.isPresent() || into.isPresent())) {
      throw new IllegalArgumentException("a table and another keyspace need a keyspace");
    }
    if (keyspace.isPresent() && roles) {
      throw new IllegalArgumentException("roles are of the whole ring, not of a keyspace");
    }
    keyspace.ifPresent(LoadRequest::requireOfUsers);
    into.ifPresent(LoadRequest::requireOfUsers);
    datacenters = Map.copyOf(datacenters);
  }

  private static void requireOfUsers(String keyspace) {
    if (TableName.isOfServer(keyspace)) {
      throw new IllegalArgumentException(keyspace + " is the server's own");
    }
  }

  boolean wants(TableName name) {
    return (name.isOfServer()
            ? roles && name.isOfRoles()
            : keyspace.filter(k -> !k.equals(name.keyspace())).isEmpty())
        && table.filter(t -> !t.equals(name.table())).isEmpty();
  }

  TableName target(TableName name) {
    return into.map(name::in).orElse(name);
  }
}
